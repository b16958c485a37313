namespace PartsWorker.Inference.Tests;

public sealed class ProcessorCoresTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(8, 4, "0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7")]
    [InlineData(2, 2, "0", "1")]
    [InlineData(2, 2, "0,2", "1,3", "0,2", "1,3")]
    [InlineData(1, 1, "0", "1", "2", "3")]
    [InlineData(3, 3)]
    public void Hardware_threads_of_a_core_count_once_and_the_process_limit_applies(
        int processors, int expected, params string[] siblings)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "cpufreq"));
        for (var i = 0; i < siblings.Length; i++)
        {
            var topology = Directory.CreateDirectory(Path.Combine(_folder.FullName, $"cpu{i}", "topology"));
            File.WriteAllText(Path.Combine(topology.FullName, "thread_siblings_list"), siblings[i] + "\n");
        }

        Assert.Equal(expected, ProcessorCores.Of(processors, _folder.FullName));
    }

    [Fact]
    public void Without_a_description_by_the_kernel_each_processor_is_a_core() =>
        Assert.Equal(5, ProcessorCores.Of(5, Path.Combine(_folder.FullName, "not-there")));

    [Fact]
    public void Sessions_always_get_an_explicit_number_of_threads()
    {
        using var settings = SessionSettings.Create(new InferenceOptions(), cuda: false, threads: 0);
        using var chosen = SessionSettings.Create(new InferenceOptions(), cuda: false, threads: 3);

        Assert.Equal((ProcessorCores.Count, 3), (settings.IntraOpNumThreads, chosen.IntraOpNumThreads));
    }
}

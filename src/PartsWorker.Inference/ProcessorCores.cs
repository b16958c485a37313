namespace PartsWorker.Inference;

/// <summary>
/// How many threads can compute at once. ONNX Runtime's own default is not asked: in a container it counts the cores of the whole machine
/// (onnxruntime issue 29510), and on a virtual AMD machine with two cores it saw one (19 images/s with the random real pair, 33 with both).
/// </summary>
public static class ProcessorCores
{
    /// <summary>
    /// At least 1, at most the processors that affinity and CPU limit leave to this process. The hardware threads of a core count once:
    /// they share what computes.
    /// </summary>
    public static int Count { get; } = Of(Environment.ProcessorCount, "/sys/devices/system/cpu");

    /// <summary>What an option says, or <see cref="Count"/> where it says 0.</summary>
    public static int Threads(int wanted) => wanted > 0 ? wanted : Count;

    /// <param name="processors">Processors that this process may use.</param>
    /// <param name="folder">Where the kernel describes them; where it says nothing each processor counts as a core.</param>
    internal static int Of(int processors, string folder)
    {
        try
        {
            var cores = Directory.EnumerateDirectories(folder, "cpu*")
                .Select(processor => Path.Combine(processor, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct(StringComparer.Ordinal)
                .Count();
            return cores == 0 ? processors : Math.Min(processors, cores);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return processors;
        }
    }
}

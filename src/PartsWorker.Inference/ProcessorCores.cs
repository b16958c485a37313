namespace PartsWorker.Inference;

/// <summary>
/// The number of cores for computation. ONNX Runtime's own default is not used: in a container it counts the cores of the whole machine
/// (onnxruntime issue 29510), and on a virtual AMD machine with two cores it found one (19 images/s with the random real pair instead of
/// 33).
/// </summary>
public static class ProcessorCores
{
    /// <summary>
    /// At least 1, and at most the processors that affinity and CPU limit allow. The hardware threads of a core count once, because they
    /// share its execution units.
    /// </summary>
    public static int Count { get; } = Of(Environment.ProcessorCount, "/sys/devices/system/cpu");

    /// <summary>The given number of threads, or <see cref="Count"/> for 0.</summary>
    public static int Threads(int threads) => threads > 0 ? threads : Count;

    /// <param name="processors">Processors that this process may use.</param>
    /// <param name="folder">Folder in which the kernel describes them; without a description, each processor counts as a core.</param>
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

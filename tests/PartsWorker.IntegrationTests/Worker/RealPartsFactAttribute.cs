using PartsWorker.Harness;

namespace PartsWorker.IntegrationTests.Worker;

/// <summary>Runs only if the set of real photos exists in ../shared/datasets/real-parts; otherwise it is skipped with a reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealPartsFactAttribute : FactAttribute
{
    public RealPartsFactAttribute()
    {
        if (!Directory.Exists(TestImages))
        {
            Skip = "../shared/datasets/real-parts does not exist: the run over 1,079 real photos is skipped";
        }
    }

    public static string TestImages { get; } = Path.GetFullPath(
        Path.Combine(Repository.Root, "..", "shared", "datasets", "real-parts", "test"));
}

using PartsWorker.Harness;

namespace PartsWorker.IntegrationTests.Worker;

/// <summary>Runs only where the large set of real photos lies beside the checkout, in ../shared/datasets/real-parts; says so otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealPartsFactAttribute : FactAttribute
{
    public RealPartsFactAttribute()
    {
        if (!Directory.Exists(TestImages))
        {
            Skip = "../shared/datasets/real-parts is not there: the run over 1,079 real photos is left out";
        }
    }

    public static string TestImages { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "datasets", "real-parts", "test"));
}

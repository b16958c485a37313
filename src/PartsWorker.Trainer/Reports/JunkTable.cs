using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints how many images without a part are accepted, per kind.</summary>
internal static class JunkTable
{
    public static void Print(JunkResult junk)
    {
        Console.WriteLine();
        Console.WriteLine($"  {"images without a part",-34}{"accepted",10}");
        foreach (var (kind, accepted) in junk.AcceptedByKind)
        {
            Console.WriteLine($"    {kind,-32}{accepted,10:P1}");
        }

        Console.WriteLine($"  {$"all {junk.Images}",-34}{junk.Accepted,10:P1}");
        foreach (var (score, area) in junk.Auroc)
        {
            Console.WriteLine($"  {$"AUROC by {score}",-34}{area,10:0.0000}");
        }
    }
}

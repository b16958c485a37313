using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints the result of <c>evaluate --leave-classes-out</c>: one line per fold, means, junk, enrolled classes.</summary>
internal static class FoldsTable
{
    public static void Print(FoldsResult result)
    {
        Console.WriteLine($"{result.Folds.Count} folds of classes; the networks of a fold never saw its classes");
        Console.WriteLine(
            $"  {"fold",-6}{"model",-28}{"known",8}{"top-1",10}{"false alarms",14}{"unknown",9}{"accepted",10}"
                + string.Concat(UnknownScore.All.Select(s => $"{$"AUROC {s.Name}",18}")));
        foreach (var fold in result.Folds)
        {
            Console.WriteLine(
                $"  {fold.Fold,-6}{fold.Model,-28}{fold.KnownImages,8}{fold.KnownTop1,10:P2}{fold.FalseAlarms,14:P2}{fold.UnknownImages,9}"
                    + $"{fold.UnknownAccepted,10:P2}{Areas(fold.UnknownAuroc)}");
        }

        Console.WriteLine(
            $"  {"mean",-6}{string.Empty,-28}{string.Empty,8}{result.KnownTop1,10:P2}{result.FalseAlarms,14:P2}{string.Empty,9}"
                + $"{result.UnknownAccepted,10:P2}{Areas(result.UnknownAuroc)}");
        if (result.Junk is { } junk)
        {
            JunkTable.Print(junk);
        }

        if (result.Enrolled is { } enrolled)
        {
            Print(enrolled);
        }
    }

    private static string Areas(IReadOnlyDictionary<string, double> auroc) => string.Concat(
        UnknownScore.All.Select(s => auroc.TryGetValue(s.Name, out var area) ? $"{area,18:0.0000}" : $"{"-",18}"));

    private static void Print(IReadOnlyList<EnrollmentResult> enrolled)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"  {"classes never trained on, enrolled",-36}{"recall, fused",18}{"embedder alone",18}{"accepted",18}{"others lose",18}");
        foreach (var result in enrolled)
        {
            Console.WriteLine(
                $"  {$"{result.Photos} photos each, {result.Count} draws",-36}{Text(result.Recall),18}{Text(result.EmbedderRecall),18}"
                    + $"{Text(result.AcceptedRecall),18}{Text(result.OthersLost),18}");
        }
    }

    private static string Text(Spread spread) => $"{spread.Mean * 100:0.0} ± {spread.Deviation * 100:0.0} %";
}

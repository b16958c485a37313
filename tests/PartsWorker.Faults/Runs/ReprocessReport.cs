using PartsWorker.Faults.Audit;

namespace PartsWorker.Faults.Runs;

/// <param name="Images">Images of the stock.</param>
/// <param name="ModelA">Rows of model A.</param>
/// <param name="ModelB">Rows of model B.</param>
/// <param name="Untrue">Checks at which the run recorded more than there was.</param>
/// <param name="Run">The run at its end.</param>
/// <param name="Streamed">Images the line published meanwhile.</param>
/// <param name="Line">Of these, stored, and stored for more than one model.</param>
/// <param name="Alone">Their latency without reprocessing.</param>
/// <param name="Beside">Their latency beside it.</param>
/// <param name="Deaths">Workers that ended by themselves.</param>
internal sealed record ReprocessReport(
    int Images, (int Rows, int Images, int Misnamed) ModelA, (int Rows, int Images, int Misnamed) ModelB, IReadOnlyList<RunRecord> Untrue, RunRecord Run,
    int Streamed, (int Images, int Twice) Line, Latencies Alone, Latencies Beside, IReadOnlyList<string> Deaths)
{
    /// <summary>Every image exactly one row per model, counts true, nothing of the line lost.</summary>
    public bool IsRight =>
        ModelA == (Images, Images, 0) && ModelB == (Images, Images, 0) && Untrue.Count == 0 && Line == (Streamed, 0) && Deaths.Count == 0
        && Run is { Status: "done" } && Run.Selected == Images && Run.Published == Images && Run.Judged == Images;

    /// <summary>The 95th percentile beside reprocessing, in those without.</summary>
    public double Ratio => Beside.Percentile(0.95) / Alone.Percentile(0.95);

    public string LastLine(int seed) => FormattableString.Invariant(
        $"reprocess: seed={seed} images={Images} model-a={ModelA.Rows} model-b={ModelB.Rows} selected={Run.Selected} published={Run.Published} judged={Run.Judged} status={Run.Status} untrue={Untrue.Count} live={Streamed} live-stored={Line.Images} p95-alone={Alone.Percentile(0.95):0.0}ms p95-beside={Beside.Percentile(0.95):0.0}ms ratio={Ratio:0.00}");

    public void Print(TextWriter to)
    {
        foreach (var look in Untrue)
        {
            to.WriteLine($"untrue: {look}");
        }

        foreach (var death in Deaths)
        {
            to.WriteLine($"death: {death}");
        }

        to.WriteLine($"line alone: {Alone}");
        to.WriteLine($"line beside reprocessing: {Beside}");
    }
}

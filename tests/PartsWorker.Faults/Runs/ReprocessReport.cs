using PartsWorker.Faults.Audit;

namespace PartsWorker.Faults.Runs;

/// <param name="Images">Number of images to reprocess.</param>
/// <param name="ModelA">Their classifications by model A.</param>
/// <param name="ModelB">Their classifications by model B.</param>
/// <param name="Untrue">Samples in which the run reported more than was stored.</param>
/// <param name="Run">The final record of the run.</param>
/// <param name="Streamed">Images that the line published in the meantime.</param>
/// <param name="Line">Images of the line stored, and stored for more than one model.</param>
/// <param name="Alone">Latency of the line without reprocessing.</param>
/// <param name="Beside">Latency of the line beside reprocessing.</param>
/// <param name="Deaths">Workers that exited without being stopped.</param>
internal sealed record ReprocessReport(
    int Images,
    (int Rows, int Images, int Misnamed) ModelA,
    (int Rows, int Images, int Misnamed) ModelB,
    IReadOnlyList<RunRecord> Untrue,
    RunRecord Run,
    int Streamed,
    (int Images, int Twice) Line,
    Latencies Alone,
    Latencies Beside,
    IReadOnlyList<string> Deaths)
{
    /// <summary>Every image has exactly one row per model, the reported counts are correct, and no image of the line is lost.</summary>
    public bool IsRight =>
        ModelA == (Images, Images, 0) && ModelB == (Images, Images, 0) && Untrue.Count == 0 && Line == (Streamed, 0) && Deaths.Count == 0
        && Run is { Status: "done" } && Run.Selected == Images && Run.Published == Images && Run.Judged == Images;

    /// <summary>The 95th percentile beside reprocessing, relative to the one without.</summary>
    public double Ratio => Beside.Percentile(0.95) / Alone.Percentile(0.95);

    public string LastLine(int seed) => FormattableString.Invariant(
        $"reprocess: seed={seed} images={Images} model-a={ModelA.Rows} model-b={ModelB.Rows} selected={Run.Selected} ")
        + FormattableString.Invariant($"published={Run.Published} judged={Run.Judged} status={Run.Status} untrue={Untrue.Count} ")
        + FormattableString.Invariant($"live={Streamed} live-stored={Line.Images} p95-alone={Alone.Percentile(0.95):0.0}ms ")
        + FormattableString.Invariant($"p95-beside={Beside.Percentile(0.95):0.0}ms ratio={Ratio:0.00}");

    public void Print(TextWriter to)
    {
        foreach (var sample in Untrue)
        {
            to.WriteLine($"untrue: {sample}");
        }

        foreach (var death in Deaths)
        {
            to.WriteLine($"death: {death}");
        }

        to.WriteLine($"line alone: {Alone}");
        to.WriteLine($"line beside reprocessing: {Beside}");
    }
}

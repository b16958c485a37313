namespace PartsWorker.Faults.Runs;

/// <param name="Published">Images that the line published.</param>
/// <param name="Line">Images stored, and images stored for more than one model.</param>
/// <param name="ModelA">Rows of model A.</param>
/// <param name="ModelB">Rows of model B.</param>
/// <param name="Changes">Each change of the active model, and how long the previous model still committed images captured after it.</param>
/// <param name="Deaths">Workers that exited without being stopped.</param>
internal sealed record ActivationReport(
    int Published, (int Images, int Twice) Line, (int Rows, int Images, int Misnamed) ModelA, (int Rows, int Images, int Misnamed) ModelB,
    IReadOnlyList<(string From, string To, double Seconds)> Changes, IReadOnlyList<string> Deaths)
{
    public double Longest => Changes.Max(change => change.Seconds);

    public int Misnamed => ModelA.Misnamed + ModelB.Misnamed;

    /// <summary>
    /// Nothing lost, nothing classified twice, every row has the class names of its model, and both models have classified.
    /// </summary>
    public bool IsRight =>
        Line == (Published, 0) && ModelA.Rows + ModelB.Rows == Published && ModelA.Rows > 0 && ModelB.Rows > 0
        && Misnamed == 0 && Deaths.Count == 0;

    public string LastLine(int seed) => FormattableString.Invariant(
        $"activate: seed={seed} published={Published} stored={Line.Images} twice={Line.Twice} ")
        + FormattableString.Invariant($"model-a={ModelA.Rows} model-b={ModelB.Rows} misnamed={Misnamed} ")
        + FormattableString.Invariant($"changes={Changes.Count} longest-change-over={Longest:0.00}s");

    public void Print(TextWriter to)
    {
        foreach (var (from, next, seconds) in Changes)
        {
            to.WriteLine(FormattableString.Invariant($"from {from} to {next}: last row of the previous model after {seconds:0.00} s"));
        }

        foreach (var death in Deaths)
        {
            to.WriteLine($"death: {death}");
        }
    }
}

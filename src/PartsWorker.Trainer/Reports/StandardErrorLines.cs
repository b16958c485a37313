namespace PartsWorker.Trainer.Reports;

/// <summary>Prints what a command is doing, one line per step.</summary>
internal sealed class StandardErrorLines : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine($"partstrainer: {value}");
}

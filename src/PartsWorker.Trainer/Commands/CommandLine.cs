using System.CommandLine;

namespace PartsWorker.Trainer.Commands;

/// <summary>All commands of <c>partstrainer</c>; each one has its own file.</summary>
internal static class CommandLine
{
    public static RootCommand Create() => new("Trains part classifiers and writes the model bundles that partsworker serves.")
    {
        SynthesizeCommand.Create(),
        WeightsCommand.Create(),
        CheckDataCommand.Create(),
        TrainCommand.Create(),
        AverageCommand.Create(),
        ExportCommand.Create(),
        EvaluateCommand.Create(),
        CalibrateCommand.Create(),
        QuantizeCommand.Create(),
        Fp16Command.Create(),
        DecodeScaleCommand.Create(),
        EnrollCommand.Create(),
        RemoveClassCommand.Create(),
        RefreshCommand.Create(),
        VerifyCommand.Create(),
        InspectCommand.Create(),
        BenchCommand.Create(),
    };
}

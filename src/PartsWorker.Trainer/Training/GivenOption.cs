using System.Globalization;

namespace PartsWorker.Trainer.Training;

/// <summary>An option from the command line and the value that it sets. A resumed run ignores it and keeps its own value.</summary>
internal sealed record GivenOption(string Name, Func<TrainingOptions, object?> Value)
{
    /// <summary>One line if the run was started with another value; otherwise null.</summary>
    public string? Ignored(TrainingOptions wanted, TrainingOptions kept)
    {
        var (given, started) = (Text(Value(wanted)), Text(Value(kept)));
        return given == started ? null : $"ignored {Name} {given}: the run was started with {started}";
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string[] { Length: 0 } => "none",
        string[] texts => string.Join(", ", texts),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

using System.Globalization;

namespace PartsWorker.Trainer.Training;

/// <summary>An option that the command line gives, and the value that it sets; a run that is resumed keeps its own.</summary>
internal sealed record GivenOption(string Name, Func<TrainingOptions, object?> Value)
{
    /// <summary>One line when the run was started with another value; else null.</summary>
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

namespace PartsWorker.Board.Models;

/// <summary>The columns of the table of versions: figures that the trainer writes into every bundle.</summary>
internal static class ModelFigures
{
    public static IReadOnlyList<(string Name, string Title, Func<IReadOnlyDictionary<string, double>, string> Read)> Columns { get; } =
    [
        ("Top-1", "Share of the validation images with the right class: validationFusedTop1", Share("validationFusedTop1")),
        ("Color", "Share with the right color: validationColor", Share("validationColor")),
        ("Shape", "Share with the right shape: validationShape", Share("validationShape")),
        ("ECE", "Expected calibration error of the confidence: validationEce", Share("validationEce")),
        ("Junk", "Share of images without a part that is accepted: junkAccepted", Share("junkAccepted")),
    ];

    private static Func<IReadOnlyDictionary<string, double>, string> Share(string name) =>
        metrics => metrics.TryGetValue(name, out var value) ? $"{value:P1}" : "-";
}

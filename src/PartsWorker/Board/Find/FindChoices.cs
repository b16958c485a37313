namespace PartsWorker.Board.Find;

/// <summary>What the fields of the filter suggest: lines and cameras of the last seven days with images, and classes of models.</summary>
public sealed record FindChoices(
    IReadOnlyList<string> Lines,
    IReadOnlyList<string> Cameras,
    IReadOnlyList<string> Classes,
    IReadOnlyList<string> Colors,
    IReadOnlyList<string> Shapes,
    IReadOnlyList<string> Models)
{
    public static FindChoices None { get; } = new([], [], [], [], [], []);
}

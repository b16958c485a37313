namespace PartsWorker.Board.Models;

/// <summary>What a change will do, in one sentence, before a person confirms it.</summary>
internal static class ModelConsequences
{
    /// <param name="key">The model to activate.</param>
    /// <param name="active">The active model, or null.</param>
    public static string Activate(string key, string? active) =>
        active is null
            ? $"{key} will classify every new image from the next batch on; until now workers use the bundle of their configuration."
            : $"{key} will classify every new image from the next batch on; {active} can be restored by Roll back.";

    /// <param name="key">The shadow model.</param>
    /// <param name="percent">Share of live images, in percent.</param>
    public static string Shadow(string key, int percent) =>
        $"{key} will also classify {percent} % of the live images, which costs computing time; its results are stored for comparison and "
        + "never shown as current.";
}

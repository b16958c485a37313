namespace PartsWorker.Board.Models;

/// <summary>The row of <c>serving</c>.</summary>
/// <param name="Model">Active model; null until one is activated.</param>
/// <param name="Since">When it became active; null when it never changed.</param>
/// <param name="Previous">What Roll back activates.</param>
/// <param name="Shadow">Shadow model; null when there is none.</param>
/// <param name="ShadowShare">Share of live images for it, 0 to 1.</param>
public sealed record ServingNow(string? Model, DateTimeOffset? Since, string? Previous, string? Shadow, float ShadowShare);

/// <summary>A registered model.</summary>
/// <param name="Key"><c>name@version</c>.</param>
/// <param name="Created">When the bundle was created, according to the bundle.</param>
/// <param name="Registered">When it was registered.</param>
/// <param name="RegisteredBy">By whom.</param>
/// <param name="Sha256">SHA-256 of its manifest.</param>
/// <param name="Classes">Classes that it can assign.</param>
/// <param name="Metrics">Figures of the bundle by name.</param>
/// <param name="LastDay">Rows of the last 24 hours, without shadow rows.</param>
/// <param name="LastDayShadow">Shadow rows of the last 24 hours.</param>
public sealed record ModelVersion(
    string Key, DateTimeOffset? Created, DateTimeOffset Registered, string RegisteredBy, string Sha256, long Classes,
    IReadOnlyDictionary<string, double> Metrics, long LastDay, long LastDayShadow);

/// <summary>A row of <c>model_changes</c>.</summary>
public sealed record ModelChange(
    long Id, string? Model, string? Replaced, string? Shadow, float ShadowShare, DateTimeOffset At, string By)
{
    /// <summary>What the change did, in a few words.</summary>
    public string Text =>
        Model == Replaced
            ? Shadow is null ? "no shadow model" : $"{Shadow} as shadow on {ShadowShare:P0} of live images"
            : $"{Model ?? "no model"} active instead of {Replaced ?? "none"}";
}

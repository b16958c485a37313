using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Checking;

/// <summary>What <c>check-data</c> found.</summary>
internal sealed record DataReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>Folder or manifest.</summary>
    public required string Data { get; init; }

    public required int Images { get; init; }

    public required int Unreadable { get; init; }

    public required int Classes { get; init; }

    /// <summary>Problems first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public required IReadOnlyList<ClassFacts> PerClass { get; init; }

    /// <summary>What the bundles found; null without a bundle.</summary>
    public LabelReport? Labels { get; init; }

    /// <summary>Whether training would fail, or labels contradict each other.</summary>
    [JsonIgnore]
    public bool HasProblems => Findings.Any(f => f.Severity == Severity.Problem);

    /// <summary>The report with further findings.</summary>
    public DataReport With(IEnumerable<Finding> further) => this with
    {
        Findings = [.. Findings.Concat(further).OrderBy(f => f.Severity)],
    };

    /// <summary>The report as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>Figures of one class.</summary>
/// <param name="Name">Class name.</param>
/// <param name="Color">Its color.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Images">Images, unreadable ones included.</param>
/// <param name="Readable">Readable images.</param>
/// <param name="Scenes">Different scenes among them.</param>
internal sealed record ClassFacts(string Name, string Color, string Shape, int Images, int Readable, int Scenes);

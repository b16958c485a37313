using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Checking;

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    /// <summary>Training refuses the data, or the labels contradict each other.</summary>
    [JsonStringEnumMemberName("problem")]
    Problem,

    /// <summary>Training works, but the result is worse than it could be.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,
}

/// <summary>Something about a data set that a person should know.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Kind">Stable name for programs, such as <c>few-images</c>.</param>
/// <param name="Text">What was found, one sentence.</param>
/// <param name="Meaning">What it means for training, and the remedy.</param>
/// <param name="Items">Each class or image concerned, the most important one first.</param>
internal sealed record Finding(Severity Severity, string Kind, string Text, string Meaning, IReadOnlyList<FindingItem> Items);

/// <summary>A class or image that a finding concerns.</summary>
/// <param name="Text">One line.</param>
/// <param name="Images">Paths of images to show; may be empty.</param>
internal sealed record FindingItem(string Text, params IReadOnlyList<string> Images);

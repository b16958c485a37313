using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace PartsWorker.Board.Find;

/// <summary>The fields of the filter as text; what they mean is decided when the URL is read.</summary>
public sealed partial class FindForm : ComponentBase
{
    private static readonly (string Value, string Name)[] Times =
        [("", "Any time"), ("1h", "Last hour"), ("today", "Today"), ("yesterday", "Yesterday"), ("7d", "7 days")];

    private Dictionary<string, string> _values = [];
    private IReadOnlyDictionary<string, string>? _shown;

    [Parameter, EditorRequired]
    public IReadOnlyDictionary<string, string> Values { get; set; } = default!;

    [Parameter, EditorRequired]
    public FindChoices Choices { get; set; } = default!;

    /// <summary>The values of the keys that are set.</summary>
    [Parameter]
    public EventCallback<Dictionary<string, string>> Search { get; set; }

    private (string Key, string Label, IReadOnlyList<string>? Choices, string Hint)[] Fields =>
    [
        ("line", "Line", Choices.Lines, ""), ("camera", "Camera", Choices.Cameras, ""), ("class", "Class", Choices.Classes, ""),
        ("color", "Color", Choices.Colors, ""), ("shape", "Shape", Choices.Shapes, ""), ("min", "Confidence, lowest", null, "0"),
        ("max", "Confidence, highest", null, "1"), ("model", "Model", Choices.Models, "the current one"),
        ("attribute", "Attribute", null, "key=value"),
        ("reviewed", "Reviewed as", Choices.Classes, "class, * or -"), ("imageId", "Image id", null, ""),
    ];

    private static (string Key, string Label, string[] Choices)[] Selects =>
        [("decision", "Decision", ["accepted", "unknown"]), ("doubt", "Doubt", ["any", "unknown", "low confidence", "stages disagree"])];

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_shown, Values))
        {
            (_shown, _values) = (Values, new(Values));
        }
    }

    private string Get(string key) => _values.GetValueOrDefault(key, "");

    private bool IsChosen(string time) => Get("time") == time && (time.Length > 0 || (Get("from") + Get("to")).Length == 0);

    private void Set(string key, ChangeEventArgs change) => _values[key] = change.Value?.ToString()?.Trim() ?? "";

    private void SetTime(string key, ChangeEventArgs change)
    {
        var text = change.Value?.ToString() ?? "";
        _values[key] = text.Length == 0 ? "" : text + "Z";
        _values.Remove("time");
    }

    private string Local(string key) =>
        DateTimeOffset.TryParse(
            Get(key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) : "";

    private Task ChooseAsync(string time)
    {
        _values["time"] = time;
        _values.Remove("from");
        _values.Remove("to");
        return SubmitAsync();
    }

    private Task SubmitAsync()
    {
        // A new filter starts at its newest image.
        _values.Remove(FindUrl.Before);
        return Search.InvokeAsync(_values);
    }
}

using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// Labels that grow. The ids of the existing classes, colors and shapes stay the same, so that the weights and the gallery of a bundle keep
/// their meaning.
/// </summary>
internal sealed class LabelUnion(LabelSet start)
{
    private readonly List<string> _colors = [.. start.Colors];
    private readonly List<string> _shapes = [.. start.Shapes];
    private readonly List<PartClass> _classes = [.. start.Classes];
    private readonly Dictionary<string, int> _ids = start.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);

    public LabelSet Labels => new() { Colors = [.. _colors], Shapes = [.. _shapes], Classes = [.. _classes] };

    /// <summary>The id of a class; a new class is added.</summary>
    public int IdOf(string name, string color, string shape)
    {
        if (!_ids.TryGetValue(name, out var id))
        {
            id = _ids[name] = _classes.Count;
            _classes.Add(new(id, name, IndexIn(_colors, color), IndexIn(_shapes, shape)));
        }

        return id;
    }

    /// <summary>The id of a class; its color and shape change if they differ.</summary>
    public int Set(string name, string color, string shape)
    {
        var id = IdOf(name, color, shape);
        _classes[id] = new(id, name, IndexIn(_colors, color), IndexIn(_shapes, shape));
        return id;
    }

    private static int IndexIn(List<string> names, string name)
    {
        if (names.IndexOf(name) is var at and >= 0)
        {
            return at;
        }

        names.Add(name);
        return names.Count - 1;
    }
}

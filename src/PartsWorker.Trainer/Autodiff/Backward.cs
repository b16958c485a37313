using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Autodiff;

/// <summary>Reverse-mode differentiation: appends the nodes that compute the gradient of a scalar loss.</summary>
internal static class Backward
{
    /// <summary>Returns the gradients by value name, without parameters that do not affect the loss.</summary>
    public static IReadOnlyDictionary<string, Value> Walk(GraphBuilder graph, Tape tape, Value loss)
    {
        var gradients = new Dictionary<string, Value> { [loss.Name] = graph.Expand(graph.Scalar(1), loss.Shape) };
        for (var i = tape.Entries.Count - 1; i >= 0; i--)
        {
            var entry = tape.Entries[i];
            if (gradients.TryGetValue(entry.Output.Name, out var dy))
            {
                var rule = GradientRules.Table[entry.Op];
                Accumulate(graph, gradients, entry, rule(graph, entry, dy with { Layout = entry.Output.Layout }));
            }
        }

        return gradients;
    }

    private static void Accumulate(GraphBuilder graph, Dictionary<string, Value> gradients, TapeEntry entry, Value?[] parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is not { } part || !entry.Needs[i])
            {
                continue;
            }

            var name = entry.Inputs[i].Name;
            if (!part.Shape.SequenceEqual(entry.Inputs[i].Shape))
            {
                throw new InvalidOperationException($"rule {entry.Op}: gradient {part} does not match {entry.Inputs[i]}");
            }

            gradients[name] = gradients.TryGetValue(name, out var other) ? graph.Add(other, part) : part;
        }
    }
}

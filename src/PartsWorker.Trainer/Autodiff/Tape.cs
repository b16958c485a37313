using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Autodiff;

/// <summary>One recorded operation: its inputs, its output, and values that its gradient rule needs.</summary>
internal sealed record TapeEntry(Op Op, Value[] Inputs, Value Output, bool[] Needs, object? Saved = null)
{
    public T Get<T>() => (T)Saved!;
}

/// <summary>The recorded operations in order, and the values that depend on a trained parameter.</summary>
internal sealed class Tape
{
    private readonly List<TapeEntry> _entries = [];
    private readonly HashSet<string> _differentiable = [];

    public IReadOnlyList<TapeEntry> Entries => _entries;

    /// <summary>Marks a trained parameter. Only values that depend on one get gradients, so frozen layers have no backward pass.</summary>
    public void Watch(Value parameter) => _differentiable.Add(parameter.Name);

    public bool Watches(Value value) => _differentiable.Contains(value.Name);

    public Value Record(Op op, Value[] inputs, Value output, object? saved = null)
    {
        var needs = Array.ConvertAll(inputs, Watches);
        if (needs.Contains(true))
        {
            _differentiable.Add(output.Name);
            _entries.Add(new TapeEntry(op, inputs, output, needs, saved));
        }

        return output;
    }
}

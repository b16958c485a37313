namespace PartsWorker.Trainer.Graph;

internal sealed partial class GraphBuilder
{
    /// <summary>Reshapes a value; the shape may contain one -1, which must be the batch if the batch dimension is open.</summary>
    public Value Reshape(Value x, params int[] shape)
    {
        var known = !x.Shape.Contains(-1);
        if (known && shape.Count(d => d < 0) == 1)
        {
            var rest = -shape.Aggregate(1L, (p, d) => p * d);
            shape = [.. shape.Select(d => d < 0 ? (int)(x.Size / rest) : d)];
        }

        if (known && shape.Aggregate(1L, (p, d) => p * d) != x.Size)
        {
            throw new ArgumentException($"cannot reshape {x} to {Shapes.Text(shape)}");
        }

        var reshaped = Emit("Reshape", [x, Constant([.. shape.Select(d => (long)d)])], x.Type, shape);
        _reshaped[reshaped.Name] = x;
        return reshaped;
    }

    /// <summary>The value before its last reshapes; as an output of the graph, this saves a copy.</summary>
    public Value Unshaped(Value x) => _reshaped.TryGetValue(x.Name, out var source) ? Unshaped(source) : x;

    public Value Transpose(Value x, params int[] order) =>
        Emit("Transpose", [x], x.Type, [.. order.Select(a => x.Shape[a])], Attributes.Ints("perm", order));

    public Value ToChannelsLast(Value x) =>
        x.Layout == Layout.ChannelsLast ? x : Transpose(x, 0, 2, 3, 1) with { Layout = Layout.ChannelsLast };

    public Value ToChannelsFirst(Value x) => x.Layout == Layout.ChannelsFirst ? x : Transpose(x, 0, 3, 1, 2);

    public Value Concat(int axis, params Value[] parts)
    {
        var shape = parts[0].Shape.ToArray();
        shape[axis] = parts.Sum(p => p.Shape[axis]);
        return Emit("Concat", parts, parts[0].Type, shape, Attributes.Int("axis", axis)) with { Layout = parts[0].Layout };
    }

    /// <summary>Adds zeros <paramref name="before"/> and <paramref name="after"/> each axis; negative counts crop.</summary>
    public Value Pad(Value x, int[] before, int[] after)
    {
        if (before.All(p => p == 0) && after.All(p => p == 0))
        {
            return x;
        }

        var shape = x.Shape.Select((d, i) => d + before[i] + after[i]).ToArray();
        var pads = before.Concat(after).Select(p => (long)p).ToArray();
        return Emit("Pad", [x, Constant(pads)], x.Type, shape) with { Layout = x.Layout };
    }

    /// <summary>x[start : start + length*step : step] along the given axes.</summary>
    public Value Slice(Value x, int[] axes, int[] starts, int[] lengths, int[] steps)
    {
        var shape = x.Shape.ToArray();
        var whole = true;
        for (var i = 0; i < axes.Length; i++)
        {
            whole &= starts[i] == 0 && steps[i] == 1 && lengths[i] == shape[axes[i]];
            shape[axes[i]] = lengths[i];
        }

        if (whole)
        {
            return x;
        }

        var ends = starts.Select((s, i) => (long)s + ((lengths[i] - 1) * steps[i]) + 1);
        return Emit(
            "Slice",
            [x, Longs(starts), Constant([.. ends]), Longs(axes), Longs(steps)],
            x.Type,
            shape) with { Layout = x.Layout };
    }

    public Value[] Split(Value x, int axis, int parts)
    {
        var shape = x.Shape.ToArray();
        shape[axis] /= parts;
        var outputs = Enumerable.Range(0, parts).Select(_ => Fresh(x.Type, shape)).ToArray();
        var sizes = Constant([.. Enumerable.Repeat((long)shape[axis], parts)]);
        return EmitMany("Split", [x, sizes], outputs, Attributes.Int("axis", axis));
    }

    public Value Expand(Value x, params int[] shape) =>
        x.Shape.SequenceEqual(shape) ? x : Emit("Expand", [x, Longs(shape)], x.Type, shape);

    public Value Gather(Value x, int axis, int[] indices)
    {
        var shape = x.Shape.ToArray();
        shape[axis] = indices.Length;
        return Emit("Gather", [x, Longs(indices)], x.Type, shape, Attributes.Int("axis", axis));
    }

    /// <summary>One-hot rows [N, depth] of int64 labels [N].</summary>
    public Value OneHot(Value labels, int depth) => Emit(
        "OneHot",
        [labels, Constant([depth]), Constant([0f, 1f], 2)],
        ElementType.Float,
        [.. labels.Shape, depth],
        Attributes.Int("axis", -1));

    /// <summary>A vector [C] reshaped to broadcast along the channel axis of <paramref name="x"/>.</summary>
    public Value PerChannel(Value x, Value vector) =>
        x.IsChannelsFirst ? Reshape(vector, vector.Shape[0], 1, 1) : vector;

    private Value Longs(int[] values) => Constant([.. values.Select(v => (long)v)]);
}

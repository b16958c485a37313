namespace PartsWorker.Trainer.Graph;

internal sealed partial class GraphBuilder
{
    public Value Add(Value a, Value b) => Binary("Add", a, b);

    public Value Sub(Value a, Value b) => Binary("Sub", a, b);

    public Value Mul(Value a, Value b) => Binary("Mul", a, b);

    public Value Div(Value a, Value b) => Binary("Div", a, b);

    public Value Max(Value a, Value b) => Binary("Max", a, b);

    public Value Min(Value a, Value b) => Binary("Min", a, b);

    public Value Greater(Value a, Value b) =>
        Emit("Greater", [a, b], ElementType.Bool, Shapes.Broadcast(a.Shape, b.Shape)) with { Layout = a.Layout };

    public Value Equal(Value a, Value b) =>
        Emit("Equal", [a, b], ElementType.Bool, Shapes.Broadcast(a.Shape, b.Shape)) with { Layout = a.Layout };

    public Value Where(Value condition, Value then, Value otherwise) => Emit(
        "Where",
        [condition, then, otherwise],
        then.Type,
        Shapes.Broadcast(condition.Shape, Shapes.Broadcast(then.Shape, otherwise.Shape))) with { Layout = condition.Layout };

    public Value Relu(Value x) => Unary("Relu", x);

    /// <summary>max(0, min(1, alpha·x + beta)).</summary>
    public Value HardSigmoid(Value x, float alpha, float beta) =>
        Emit(
            "HardSigmoid",
            [x],
            x.Type,
            x.Shape,
            Attributes.Float("alpha", alpha),
            Attributes.Float("beta", beta)) with { Layout = x.Layout };

    public Value Sigmoid(Value x) => Unary("Sigmoid", x);

    public Value Sqrt(Value x) => Unary("Sqrt", x);

    public Value Exp(Value x) => Unary("Exp", x);

    public Value Log(Value x) => Unary("Log", x);

    public Value Neg(Value x) => Unary("Neg", x);

    public Value Cos(Value x) => Unary("Cos", x);

    public Value Sin(Value x) => Unary("Sin", x);

    public Value Floor(Value x) => Unary("Floor", x);

    public Value Acos(Value x) => Unary("Acos", x);

    public Value Reciprocal(Value x) => Unary("Reciprocal", x);

    public Value Clip(Value x, float low, float high) =>
        Emit("Clip", [x, Constant([low], []), Constant([high], [])], x.Type, x.Shape) with { Layout = x.Layout };

    public Value Softmax(Value x, int axis) => Emit("Softmax", [x], x.Type, x.Shape, Attributes.Int("axis", axis));

    public Value LogSoftmax(Value x, int axis) => Emit("LogSoftmax", [x], x.Type, x.Shape, Attributes.Int("axis", axis));

    public Value Cast(Value x, ElementType type) =>
        Emit("Cast", [x], type, x.Shape, Attributes.Int("to", (int)type)) with { Layout = x.Layout };

    /// <summary>x · factor for a constant factor.</summary>
    public Value Scale(Value x, float factor) => Mul(x, Scalar(factor));

    private Value Unary(string op, Value x) => Emit(op, [x], x.Type, x.Shape) with { Layout = x.Layout };

    private Value Binary(string op, Value a, Value b) =>
        Emit(op, [a, b], a.Type, Shapes.Broadcast(a.Shape, b.Shape)) with { Layout = a.Rank >= b.Rank ? a.Layout : b.Layout };
}

using PartsWorker.Trainer.Graph.Proto;

namespace PartsWorker.Trainer.Graph;

/// <summary>Nodes with one output for graphs that are changed after they were built; the name comes from the output.</summary>
internal static class Nodes
{
    public static NodeProto Of(string op, string[] inputs, string output, params AttributeProto[] attributes) => new()
    {
        OpType = op,
        Name = $"{op}.{output}",
        Input = { inputs },
        Output = { output },
        Attribute = { attributes },
    };
}

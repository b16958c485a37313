using System.Numerics.Tensors;
using Google.Protobuf;
using PartsWorker.Inference.Training;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Tests.Graph;

public sealed class A_run_leaves_its_caller_alone
{
    [Fact]
    public void Vector_code_after_a_run_still_finds_the_largest_number()
    {
        var graph = new GraphBuilder("relu");
        var x = graph.Input("x", ElementType.Float, 16);
        var y = graph.Output("y", graph.Relu(x));
        using var input = new GraphMemory([x]);
        using var output = new GraphMemory([y]);
        using var session = GraphSession.Load(graph.Build().ToByteArray(), new GraphSessionOptions(1));
        using var bound = session.Bind(input.Tensors, output.Tensors);
        bound.Run();
        float[] row = [-5, -4, -3, -2, -1, -6, -7, 9, -8, -9, -10];
        Assert.Equal(7, TensorPrimitives.IndexOfMax<float>(row));
    }
}

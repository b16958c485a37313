using System.Numerics.Tensors;
using Google.Protobuf;
using PartsWorker.Inference;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Tests.Graph;

public sealed class GraphSessionTests
{
    [Fact]
    public void Unavailable_cuda_is_one_error_line()
    {
        var graph = new GraphBuilder("relu");
        graph.Output("y", graph.Relu(graph.Input("x", ElementType.Float, 16)));
        var error = Record.Exception(
            () => GraphSession.Load(graph.Build().ToByteArray(), new GraphSessionOptions(1, ExecutionDevice.Cuda)).Dispose());
        // No error on a machine with a GPU.
        if (error is not null)
        {
            Assert.IsType<DeviceUnavailableException>(error);
            Assert.StartsWith("CUDA is not available: ", error.Message, StringComparison.Ordinal);
            Assert.EndsWith("; fix the driver, or use --device cpu", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Vector_code_after_a_run_still_finds_the_maximum()
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

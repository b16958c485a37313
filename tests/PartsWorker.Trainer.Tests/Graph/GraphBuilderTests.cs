using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Tests.Graph;

public sealed class GraphBuilderTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Indices_are_declared_only_if_they_are_used(bool read, int outputs)
    {
        var graph = new GraphBuilder("pool");
        var (pooled, indices) = graph.MaxPool(graph.Input("x", ElementType.Float, 1, 1, 4, 4), kernel: 2, stride: 2, padding: 0);
        graph.Output("y", pooled);
        if (read)
        {
            graph.Output("where", indices);
        }

        Assert.Equal(outputs, graph.Build().Graph.Node.Single(node => node.OpType == "MaxPool").Output.Count);
    }
}

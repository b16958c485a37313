using System.Globalization;
using Google.Protobuf;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Adds <see cref="FeatureDistances"/> to a meta model that takes <c>features</c> [N, F]: the output <c>distances</c> [N, 3]. The classes
/// of the class means are in the metadata of the model, so that classes can be added and removed.
/// </summary>
internal static class DistanceGraph
{
    public const string OutputName = "distances";
    private const string ClassesKey = "distance_classes";
    private const string Mean = "distance_mean";
    private const string Directions = "distance_directions";
    private const string Whitening = "distance_whitening";
    private const string ClassMeans = "distance_class_means";
    private const string Precisions = "distance_precisions";

    public static byte[] Add(byte[] metaModel, FeatureDistances distances)
    {
        var model = ModelProto.Parser.ParseFrom(metaModel);
        Remove(model);
        var graph = model.Graph;
        var size = distances.Mean.Length;
        graph.Initializer.Add(TensorCodec.Encode(Mean, distances.Mean, [1, size]));
        graph.Initializer.Add(Rows(Directions, distances.Directions));
        graph.Initializer.Add(Rows(Whitening, distances.Whitening));
        graph.Initializer.Add(Rows(ClassMeans, distances.ClassMeans));
        graph.Initializer.Add(TensorCodec.Encode(Precisions, [.. distances.Variances.Select(v => 1 / v)], [size, 1]));
        graph.Initializer.Add(TensorCodec.Encode("distance_size", [(float)size], [1]));
        graph.Initializer.Add(TensorCodec.Encode("distance_tiny", [FeatureDistances.Tiny], [1]));
        graph.Initializer.Add(TensorCodec.Encode("distance_minus_two", [-2f], [1]));
        graph.Initializer.Add(TensorCodec.Encode(
            "distance_class_lengths",
            [.. distances.ClassMeans.Select(m => m.Sum(v => v * v))],
            [1, distances.ClassMeans.Length]));
        Node(graph, "Sub", [Network.FeaturesName, Mean], "distance_centered");
        AddResidual(graph);
        AddMahalanobis(graph);
        AddRelative(graph);
        Node(graph, "Concat", ["distance_residual", "distance_mahalanobis", "distance_relative"], OutputName, Attributes.Int("axis", 1));
        graph.Output.Add(GraphBuilder.Info(new Value(OutputName, ElementType.Float, [-1, FeatureDistances.Names.Count])));
        model.MetadataProps.Add(new StringStringEntryProto { Key = ClassesKey, Value = string.Join(',', distances.Classes) });
        return model.ToByteArray();
    }

    /// <summary>The distances that a meta model contains; null if it has none.</summary>
    /// <exception cref="UserErrorException">They were written by a build that computed other distances.</exception>
    public static FeatureDistances? Read(byte[] metaModel)
    {
        var model = ModelProto.Parser.ParseFrom(metaModel);
        if (model.MetadataProps.FirstOrDefault(p => p.Key == ClassesKey) is not { } classes)
        {
            return null;
        }

        var tensors = model.Graph.Initializer.ToDictionary(i => i.Name, StringComparer.Ordinal);
        if (!tensors.TryGetValue(Precisions, out var precisions))
        {
            throw new UserErrorException(
                "the meta model computes the distances of an older build of partstrainer, which has no relative distance; "
                    + "export the bundle again from its training run");
        }

        float[][] RowsOf(string name) => [.. TensorCodec.DecodeFloats(tensors[name]).Chunk((int)tensors[name].Dims[1])];
        return new()
        {
            Mean = TensorCodec.DecodeFloats(tensors[Mean]),
            Directions = RowsOf(Directions),
            Whitening = RowsOf(Whitening),
            Variances = [.. TensorCodec.DecodeFloats(precisions).Select(p => 1 / p)],
            ClassMeans = RowsOf(ClassMeans),
            Classes = [.. classes.Value.Split(',').Select(id => int.Parse(id, CultureInfo.InvariantCulture))],
        };
    }

    private static void AddResidual(GraphProto graph)
    {
        Node(graph, "Gemm", ["distance_centered", Directions], "distance_explained", Attributes.Int("transB", 1));
        SquaredLength(graph, "distance_centered");
        SquaredLength(graph, "distance_explained");
        SquaredLength(graph, Network.FeaturesName);
        Node(graph, "Sub", ["distance_centered_squared", "distance_explained_squared"], "distance_outside");
        // Rounding may make a difference of squares slightly negative, here and below.
        Node(graph, "Relu", ["distance_outside"], "distance_outside_squared");
        Node(graph, "Add", [Network.FeaturesName + "_squared", "distance_tiny"], "distance_length_squared");
        Node(graph, "Div", ["distance_outside_squared", "distance_length_squared"], "distance_share");
        Node(graph, "Sqrt", ["distance_share"], "distance_residual");
    }

    // |a - c|^2 = |a|^2 - 2 a c + |c|^2
    private static void AddMahalanobis(GraphProto graph)
    {
        Node(graph, "Gemm", ["distance_centered", Whitening], "distance_white", Attributes.Int("transB", 1));
        SquaredLength(graph, "distance_white");
        Node(graph, "Gemm", ["distance_white", ClassMeans], "distance_products", Attributes.Int("transB", 1));
        Node(graph, "Mul", ["distance_products", "distance_minus_two"], "distance_products_twice");
        Node(graph, "Add", ["distance_products_twice", "distance_class_lengths"], "distance_from_classes");
        Node(
            graph,
            "ReduceMin",
            ["distance_from_classes"],
            "distance_from_nearest",
            Attributes.Ints("axes", 1),
            Attributes.Int("keepdims", 1));
        Node(graph, "Add", ["distance_from_nearest", "distance_white_squared"], "distance_nearest");
        Node(graph, "Relu", ["distance_nearest"], "distance_nearest_squared");
        Node(graph, "Sqrt", ["distance_nearest_squared"], "distance_mahalanobis");
    }

    private static void AddRelative(GraphProto graph)
    {
        Node(graph, "Mul", ["distance_white", "distance_white"], "distance_white_squares");
        Node(graph, "MatMul", ["distance_white_squares", Precisions], "distance_from_all");
        Node(graph, "Sub", ["distance_nearest_squared", "distance_from_all"], "distance_gain");
        Node(graph, "Div", ["distance_gain", "distance_size"], "distance_relative");
    }

    private static void Remove(ModelProto model)
    {
        static bool IsOurs(string name) =>
            name.StartsWith("distance", StringComparison.Ordinal) || name == Network.FeaturesName + "_squared";
        NodeProto[] nodes = [.. model.Graph.Node.Where(n => !n.Output.Any(IsOurs))];
        TensorProto[] initializers = [.. model.Graph.Initializer.Where(i => !IsOurs(i.Name))];
        ValueInfoProto[] outputs = [.. model.Graph.Output.Where(o => !IsOurs(o.Name))];
        StringStringEntryProto[] properties = [.. model.MetadataProps.Where(p => p.Key != ClassesKey)];
        Replace(model.Graph.Node, nodes);
        Replace(model.Graph.Initializer, initializers);
        Replace(model.Graph.Output, outputs);
        Replace(model.MetadataProps, properties);
    }

    private static void Replace<T>(Google.Protobuf.Collections.RepeatedField<T> list, T[] kept)
    {
        list.Clear();
        list.AddRange(kept);
    }

    private static TensorProto Rows(string name, float[][] rows) =>
        TensorCodec.Encode(name, [.. rows.SelectMany(r => r)], [rows.Length, rows[0].Length]);

    private static void SquaredLength(GraphProto graph, string vector) => Node(
        graph, "ReduceSumSquare", [vector], vector + "_squared", Attributes.Ints("axes", 1), Attributes.Int("keepdims", 1));

    private static void Node(GraphProto graph, string op, string[] inputs, string output, params AttributeProto[] attributes) =>
        graph.Node.Add(new NodeProto
        {
            OpType = op,
            Name = "node_" + output,
            Input = { inputs },
            Output = { output },
            Attribute = { attributes },
        });
}

using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>A required tensor of a network: its name, element type and shape per image (-1 in a graph means any size).</summary>
internal sealed record StageTensor(string Name, TensorElementType Type, params int[] PerImage);

/// <summary>
/// The session of one network, checked against the bundle; runs one bucket over existing memory.
/// </summary>
internal sealed class StageSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string _file;
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    private StageSession(InferenceSession session, string file, StageTensor input, StageTensor[] outputs)
    {
        _session = session;
        _file = file;
        _inputs = [input.Name];
        _outputs = [.. outputs.Select(output => output.Name)];
    }

    /// <exception cref="BundleException">The graph does not load, or does not match the bundle; the message is one line.</exception>
    public static StageSession Load(
        ModelBundle bundle, string file, SessionOptions options, StageTensor input, params StageTensor[] outputs)
    {
        InferenceSession session;
        try
        {
            session = new InferenceSession(bundle.PathOf(file), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new BundleException($"{bundle.Key}: could not load {file}: {OrtRuntime.Reason(error)}", error);
        }

        try
        {
            Require(bundle, file, "input", session.InputMetadata, input);
            foreach (var output in outputs)
            {
                Require(bundle, file, "output", session.OutputMetadata, output);
            }

            return new StageSession(session, file, input, outputs);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs one bucket; the tensors are in the order of <see cref="Load"/>. Thread-safe, because ONNX Runtime's sessions are.
    /// </summary>
    public void Run(StageCall call)
    {
        try
        {
            _session.Run(_runOptions, _inputs, call.Inputs, _outputs, call.Outputs);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelFailureException($"{_file} failed: {OrtRuntime.Reason(error)}", error);
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private static void Require(
        ModelBundle bundle, string file, string kind, IReadOnlyDictionary<string, NodeMetadata> present, StageTensor wanted)
    {
        if (!present.TryGetValue(wanted.Name, out var found))
        {
            throw new BundleException($"{bundle.Key}: {file} has no {kind} '{wanted.Name}', only {string.Join(", ", present.Keys)}");
        }

        int[] shape = [-1, .. wanted.PerImage];
        var fits = found.IsTensor && found.ElementDataType == wanted.Type && found.Dimensions.Length == shape.Length
            && found.Dimensions.Zip(shape).All(pair => pair.First == pair.Second || pair.First == -1);
        if (!fits)
        {
            throw new BundleException(
                $"{bundle.Key}: {file} {kind} '{wanted.Name}' is {found.ElementDataType} {Text(found.Dimensions)}, "
                    + $"expected {wanted.Type} {Text(shape)}");
        }
    }

    private static string Text(int[] shape) =>
        $"[{string.Join(",", shape.Select(length => length < 0 ? "N" : length.ToString(CultureInfo.InvariantCulture)))}]";
}

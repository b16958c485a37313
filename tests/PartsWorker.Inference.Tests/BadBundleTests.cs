using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;

namespace PartsWorker.Inference.Tests;

public sealed class BadBundleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("partsworker-").FullName;

    [Fact]
    public void A_graph_with_another_input_size_is_rejected_by_name()
    {
        var size = ModelBundle.Open(Repository.Bundle).Manifest.Preprocessing.Size;
        var error = LoadFails(manifest => manifest with { Preprocessing = manifest.Preprocessing with { Size = 32 } });
        Assert.Contains(
            $"stage1.onnx input 'image' is UInt8 [N,{size},{size},3], expected UInt8 [N,32,32,3]", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_output_is_rejected_by_name()
    {
        var error = LoadFails(manifest => manifest with { StageTwo = manifest.StageTwo with { ColorLogits = "colours" } });
        Assert.Contains("stage2.onnx has no output 'colours', only color_logits, shape_logits", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_the_embedder_does_not_give_are_rejected_by_name()
    {
        var error = LoadFails(manifest => manifest with
        {
            StageOne = manifest.StageOne with { Features = "traits" },
            StageTwo = manifest.StageTwo with { Input = "traits" },
        });
        Assert.Contains(
            "stage1.onnx has no output 'traits', only embedding, features, scores, indices", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_a_graph_is_rejected_in_one_line()
    {
        var error = LoadFails(manifest => manifest, folder => File.WriteAllText(Path.Combine(folder, "stage2.onnx"), "not a graph"));
        Assert.Contains("could not load stage2.onnx", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_loads_but_does_not_run_is_rejected_in_one_line()
    {
        var error = LoadFails(manifest => manifest, folder => AddOneClass(Path.Combine(folder, "stage1.onnx")));
        Assert.Contains("the graphs load on cpu, but do not run: stage1.onnx failed", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_a_graph_is_not_blamed_on_cuda()
    {
        var bundle = Write(manifest => manifest, folder => File.WriteAllText(Path.Combine(folder, "stage1.onnx"), "not a graph"));
        var error = Assert.Throws<BundleException>(
            () => DualStageClassifier.Load(bundle, Cpu with { Device = ExecutionDevice.Cuda }, NullLogger.Instance));
        Assert.Contains("could not load stage1.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_that_does_not_reproduce_its_golden_outputs_is_rejected()
    {
        var bundle = Write(manifest => manifest with { Fusion = manifest.Fusion with { T1 = manifest.Fusion.T1 * 2 } }, _ => { });
        using var classifier = DualStageClassifier.Load(bundle, Cpu, NullLogger.Instance);
        using var preprocessor = new Preprocessor(
            ImageDecoders.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, new DecodeLimits());
        var error = Assert.Throws<BundleException>(() => BundleVerifier.Verify(bundle, classifier, preprocessor));
        Assert.Contains("is not reproduced: the answer", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static InferenceOptions Cpu => new() { Device = ExecutionDevice.Cpu, Precision = PrecisionSetting.Fp32, MaxBatch = 4 };

    // The graph reshapes the scores of the gallery to [-1, classes, rows per class]; with one class more it does not have as many.
    private static void AddOneClass(string file)
    {
        byte[] any = [.. Enumerable.Repeat((byte)0xff, 9), 1];
        var graph = File.ReadAllBytes(file);
        graph[graph.AsSpan().LastIndexOf(any) + any.Length]++;
        File.WriteAllBytes(file, graph);
    }

    private string LoadFails(Func<BundleManifest, BundleManifest> change, Action<string>? damage = null)
    {
        var bundle = Write(change, damage ?? (_ => { }));
        var error = Assert.Throws<BundleException>(() => DualStageClassifier.Load(bundle, Cpu, NullLogger.Instance));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    /// <summary>A changed copy of the repository's bundle with correct hashes, so that only the change is wrong.</summary>
    private ModelBundle Write(Func<BundleManifest, BundleManifest> change, Action<string> damage)
    {
        var source = ModelBundle.Open(Repository.Bundle);
        using var writer = BundleWriter.Begin(_root, "parts-test", "1");
        foreach (var file in source.Manifest.Files.Keys)
        {
            var target = Path.Combine(writer.Directory, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source.PathOf(file), target);
        }

        damage(writer.Directory);
        return writer.Commit(change(source.Manifest) with { Name = "parts-test", Version = "1" });
    }
}

using PartsWorker.Inference.Tests.Support;

namespace PartsWorker.Inference.Tests;

/// <summary>
/// The bundles of the repository contain outputs of ONNX Runtime; this model's outputs come from PyTorch, as an independent check.
/// </summary>
public sealed class PyTorchTests : IDisposable
{
    private readonly string _models = Directory.CreateTempSubdirectory("partsworker-").FullName;

    [PyTorchFact]
    public void Every_output_and_answer_agrees_with_PyTorch()
    {
        using var model = new LoadedModel(PyTorchModel.WriteTo(_models));
        Assert.NotEmpty(model.Golden);
        model.AssertReproducesOutputs();
        model.AssertReproducesAnswers();

        // The last bits differ between programs, and the verifier must detect that.
        var report = BundleVerifier.Verify(model.Bundle, model.Classifier, model.Preprocessor);
        Assert.InRange(report.Embedding, 1e-9, LoadedModel.Tolerance);
        Assert.InRange(Math.Max(report.Scores, Math.Max(report.Logits, report.Confidence)), 1e-9, LoadedModel.Tolerance);
    }

    public void Dispose() => Directory.Delete(_models, recursive: true);
}

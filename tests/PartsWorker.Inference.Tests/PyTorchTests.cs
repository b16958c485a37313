using PartsWorker.Inference.Tests.Support;

namespace PartsWorker.Inference.Tests;

/// <summary>
/// Our own bundles record what ONNX Runtime gives; this model's outputs come from PyTorch, so that the two check each other.
/// </summary>
public sealed class PyTorchTests : IDisposable
{
    private readonly string _models = Directory.CreateTempSubdirectory("partsworker-").FullName;

    [PyTorchFact]
    public void Every_output_and_every_answer_is_the_one_that_PyTorch_recorded()
    {
        using var model = new LoadedModel(PyTorchModel.WriteTo(_models));
        Assert.NotEmpty(model.Golden);
        model.AssertOutputsAreThoseRecorded();
        model.AssertAnswersAreThoseRecorded();

        // Another program's last bits differ, and the verifier must see that.
        var report = BundleVerifier.Verify(model.Bundle, model.Classifier, model.Preprocessor);
        Assert.InRange(report.Embedding, 1e-9, LoadedModel.Tolerance);
        Assert.InRange(Math.Max(report.Scores, Math.Max(report.Logits, report.Confidence)), 1e-9, LoadedModel.Tolerance);
    }

    public void Dispose() => Directory.Delete(_models, recursive: true);
}

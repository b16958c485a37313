using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Preprocessing;

namespace PartsWorker.Inference.Tests.Support;

/// <summary>The bundle that lies in the repository, loaded once on the CPU for all tests.</summary>
public sealed class Reference : IDisposable
{
    public Reference()
    {
        Bundle = ModelBundle.Open(Folder);
        Golden = Bundle.ReadGolden().Images;
        Classifier = DualStageClassifier.Load(Bundle, new InferenceOptions { Device = ExecutionDevice.Cpu, MaxBatch = 16, LongestRun = TimeSpan.FromMinutes(1) }, NullLogger.Instance);
        Preprocessor = new Preprocessor(ImageDecoders.Create(), Bundle.Manifest.Preprocessing, new DecodeLimits());
    }

    public static string Folder { get; } = Path.Combine(Root(), "models", "parts-reference", "1.0.0");

    public ModelBundle Bundle { get; }

    public IReadOnlyList<GoldenImage> Golden { get; }

    public DualStageClassifier Classifier { get; }

    public Preprocessor Preprocessor { get; }

    /// <summary>Decodes the recorded network input of a golden image into a slot.</summary>
    public void Fill(ClassifierBatch batch, int slot, GoldenImage golden) =>
        Preprocessor.Prepare(File.ReadAllBytes(Path.Combine(Folder, "golden", golden.Letterboxed)), batch.Slot(slot).Span);

    public void Dispose()
    {
        Classifier.Dispose();
        Preprocessor.Dispose();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests run inside the repository");
    }
}

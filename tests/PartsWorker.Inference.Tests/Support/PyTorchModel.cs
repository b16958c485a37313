using System.Text.Json;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Harness;

namespace PartsWorker.Inference.Tests.Support;

/// <summary>
/// The model in ../shared/reference as a bundle. PyTorch trained, exported and ran it, so its recorded outputs are independent of this
/// repository. The files are unchanged, except that the JSON gets the names of a bundle.
/// </summary>
internal static class PyTorchModel
{
    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = true,
    };

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "reference"));

    public static ModelBundle WriteTo(string models)
    {
        using var writer = BundleWriter.Begin(models, "pytorch", "1");
        var recorded = Read<PyTorchRecord>("golden/golden.json");
        string[] files = ["stage1.onnx", "stage2.onnx", .. recorded.Images.Select(image => $"golden/{image.LetterboxedPng}")];
        Array.ForEach(files, file => Copy(file, writer.Directory));
        writer.Write(Read<LabelSet>("labels.json"));
        writer.Write(Read<GalleryIndex>("gallery.json"));
        writer.Write(new GoldenSet { Origin = "PyTorch", Images = [.. recorded.Images.Select(image => image.ToGolden())] });
        return writer.Commit(new BundleManifest
        {
            Name = "pytorch",
            Version = "1",
            Created = DateTimeOffset.UnixEpoch,
            License = "see its REFERENCE.md",
            StageOne = new StageOneManifest
            {
                EmbeddingSize = recorded.EmbeddingSize,
                GalleryRows = recorded.GalleryRows,
                TopK = recorded.Topk,
            },
            StageTwo = new StageTwoManifest(),
            Preprocessing = new PreprocessingRecipe { Size = recorded.InputSize },
            Fusion = Read<FusionConstants>("fusion.json"),
        });
    }

    private static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(Folder, file)), Names)!;

    private static void Copy(string file, string directory)
    {
        var target = Path.Combine(directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(Folder, file), target);
    }
}

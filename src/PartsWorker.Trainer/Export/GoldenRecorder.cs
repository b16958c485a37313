using System.Security.Cryptography;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Records the outputs of a bundle for a few images, with the worker's own code, so that other machines can verify the bundle.
/// </summary>
internal static class GoldenRecorder
{
    public static RecordedGolden Record(BundleDraft draft, string scratch, IReadOnlyList<LabeledImage> images)
    {
        var bundle = draft.Write(scratch, "golden-draft");
        var files = new List<(string Name, byte[] Content)>();
        var set = Record(draft, bundle, PrecisionSetting.Fp32, images, files);
        return new(
            set,
            files,
            draft.Graphs.ToDictionary(
                graphs => graphs.Precision,
                graphs => graphs.Tolerant(Record(draft, bundle, PrecisionSettings.Of(graphs.Precision), images, []))));
    }

    private static GoldenSet Record(
        BundleDraft draft,
        ModelBundle bundle,
        PrecisionSetting precision,
        IReadOnlyList<LabeledImage> images,
        List<(string Name, byte[] Content)> files)
    {
        using var runner = new BundleRunner(bundle, ExecutionDevice.Cpu, precision: precision);
        var outputs = runner.Run(images, []);
        var (manifest, classes) = (draft.Manifest, draft.GalleryClasses.ToArray());
        var fuser = new Fuser(manifest.Fusion, manifest.Thresholds, draft.Labels, classes, KnownScore.Of(manifest));
        var golden = outputs.Select((o, i) => Describe(o, i, fuser, runner, draft.Manifest.Preprocessing.Size, files)).ToArray();
        return new() { Origin = "partstrainer, ONNX Runtime CPU, float32", Images = golden };
    }

    /// <summary>Chooses images spread over the classes, the smallest file of each.</summary>
    public static IReadOnlyList<LabeledImage> Choose(IReadOnlyList<LabeledImage> images, int count)
    {
        var perClass = images.GroupBy(p => p.ClassId).OrderBy(g => g.Key).Select(g => g.MinBy(p => new FileInfo(p.Path).Length)!).ToArray();
        var taken = Math.Min(count, perClass.Length);
        return [.. Enumerable.Range(0, taken).Select(i => perClass[i * perClass.Length / taken])];
    }

    private static GoldenImage Describe(
        ImageOutputs image, int number, Fuser fuser, BundleRunner runner, int size, List<(string Name, byte[] Content)> files)
    {
        var pixels = new byte[size * size * 3];
        var content = File.ReadAllBytes(image.Path);
        var original = runner.Preprocessor.Prepare(content, pixels);
        var (file, letterboxed) = ($"{number:00}{Path.GetExtension(image.Path)}", $"{number:00}-letterboxed.png");
        files.AddRange([(file, content), (letterboxed, PngFile.Encode(pixels, new(size, size)))]);
        var verdict = fuser.Classify(image.ForFusion());
        return new()
        {
            File = file,
            Letterboxed = letterboxed,
            TrueClass = image.ClassId,
            DecodedWidth = original.Width,
            DecodedHeight = original.Height,
            LetterboxedSha256 = Convert.ToHexStringLower(SHA256.HashData(pixels)),
            Embedding = image.Embedding,
            Scores = image.Scores,
            Indices = image.Indices,
            ColorLogits = image.ColorLogits,
            ShapeLogits = image.ShapeLogits,
            Top1ClassId = verdict.Top1ClassId,
            ClassId = verdict.Top5[0].ClassId,
            Confidence = verdict.Confidence,
            FilterClassId = verdict.FilterClassId,
            FilterPath = verdict.FilterPath,
        };
    }
}

/// <summary>Golden outputs, their image files by name in <c>golden/</c>, and the golden outputs of the other precisions.</summary>
internal sealed record RecordedGolden(
    GoldenSet Set, IReadOnlyList<(string Name, byte[] Content)> Files, IReadOnlyDictionary<Precision, GoldenSet> Others);

using System.Security.Cryptography;
using PartsWorker.Inference;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Fusion;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>Records a few pictures and what the bundle says about them, through the worker's own code, so that any other machine can be held to it.</summary>
internal static class GoldenRecorder
{
    public static RecordedGolden Record(BundleDraft draft, string scratch, IReadOnlyList<LabeledImage> pictures)
    {
        using var runner = new BundleRunner(draft.Write(scratch, "golden-draft"), ExecutionDevice.Cpu);
        var outputs = runner.Run(pictures, []);
        var fuser = new Fuser(draft.Manifest.Fusion, draft.Manifest.Thresholds, draft.Labels, [.. draft.GalleryClasses]);
        var files = new List<(string Name, byte[] Content)>();
        var images = outputs.Select((o, i) => Describe(o, i, fuser, runner, draft.Manifest.Preprocessing.Size, files)).ToArray();
        return new(new() { Origin = "partstrainer, ONNX Runtime CPU, float32", Images = images }, files);
    }

    /// <summary>Spread over the classes, small files first.</summary>
    public static IReadOnlyList<LabeledImage> Choose(IReadOnlyList<LabeledImage> pictures, int count)
    {
        var perClass = pictures.GroupBy(p => p.ClassId).OrderBy(g => g.Key).Select(g => g.MinBy(p => new FileInfo(p.Path).Length)!).ToArray();
        var taken = Math.Min(count, perClass.Length);
        return [.. Enumerable.Range(0, taken).Select(i => perClass[i * perClass.Length / taken])];
    }

    private static GoldenImage Describe(PictureOutputs picture, int number, Fuser fuser, BundleRunner runner, int size, List<(string Name, byte[] Content)> files)
    {
        var pixels = new byte[size * size * 3];
        var content = File.ReadAllBytes(picture.Path);
        var original = runner.Preprocessor.Prepare(content, pixels);
        var (file, letterboxed) = ($"{number:00}{Path.GetExtension(picture.Path)}", $"{number:00}-letterboxed.png");
        files.AddRange([(file, content), (letterboxed, PngWriter.Encode(pixels, size, size))]);
        var verdict = fuser.Judge(picture.Scores, picture.Indices, picture.ColorLogits, picture.ShapeLogits);
        return new()
        {
            File = file,
            Letterboxed = letterboxed,
            TrueClass = picture.ClassId,
            DecodedWidth = original.Width,
            DecodedHeight = original.Height,
            LetterboxedSha256 = Convert.ToHexStringLower(SHA256.HashData(pixels)),
            Embedding = picture.Embedding,
            Scores = picture.Scores,
            Indices = picture.Indices,
            ColorLogits = picture.ColorLogits,
            ShapeLogits = picture.ShapeLogits,
            Top1ClassId = verdict.Top1ClassId,
            ClassId = verdict.Top5[0].ClassId,
            Confidence = verdict.Confidence,
            FilterClassId = verdict.FilterClassId,
            FilterPath = verdict.FilterPath,
        };
    }
}

/// <summary>Golden outputs and the files they speak of, by name inside <c>golden/</c>.</summary>
internal sealed record RecordedGolden(GoldenSet Set, IReadOnlyList<(string Name, byte[] Content)> Files);

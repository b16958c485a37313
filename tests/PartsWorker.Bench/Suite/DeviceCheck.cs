using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bench.Images;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Suite;

/// <summary>Classifies the same images on two devices, each with its number of concurrent runs, and measures the differences.</summary>
internal sealed class DeviceCheck(ModelBundle bundle, DecoderChoice decoder, DecodeLimits limits)
{
    private readonly Fuser _fuser = new(bundle);
    private readonly Lock _lock = new();
    private double _scores;
    private double _logits;
    private int _same;

    /// <summary>
    /// The reference runs in the precision that the device chose, so that quantization does not count as a difference between devices;
    /// fp16, which is for GPUs, is compared with fp32.
    /// </summary>
    public DeviceFigures Compare(InferenceOptions device, InferenceOptions reference, IReadOnlyList<string> images)
    {
        using var one = DualStageClassifier.Load(bundle, device, NullLogger.Instance);
        var precision = one.Precision == Precision.Fp16 ? PrecisionSetting.Fp32 : PrecisionSettings.Of(one.Precision);
        using var other = DualStageClassifier.Load(bundle, reference with { Precision = precision }, NullLogger.Instance);
        using var preprocessor = new Preprocessor(decoder.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, limits);
        var most = new ParallelOptions { MaxDegreeOfParallelism = one.InFlight };
        Parallel.ForEach(images.Chunk(Math.Min(one.MaxBatch, other.MaxBatch)), most, chunk =>
        {
            using var left = one.CreateBatch();
            using var right = other.CreateBatch();
            for (var i = 0; i < chunk.Length; i++)
            {
                BenchImages.Prepare(preprocessor, chunk[i], left.Slot(i).Span);
                left.Slot(i).Span.CopyTo(right.Slot(i).Span);
            }

            one.Run(left, chunk.Length);
            other.Run(right, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                Note(left, right, i);
            }
        });
        return new(
            bundle.Key, one.Device, Precisions.NameOf(one.Precision), other.Device, Precisions.NameOf(other.Precision), images.Count,
            _scores, _logits, (double)_same / images.Count);
    }

    private void Note(ClassifierBatch left, ClassifierBatch right, int i)
    {
        lock (_lock)
        {
            _scores = Math.Max(_scores, Farthest(left.Scores(i), right.Scores(i)));
            _logits = Math.Max(_logits, Farthest(left.ColorLogits(i), right.ColorLogits(i)));
            _logits = Math.Max(_logits, Farthest(left.ShapeLogits(i), right.ShapeLogits(i)));
            _same += Class(left, i) == Class(right, i) ? 1 : 0;
        }
    }

    private int Class(ClassifierBatch batch, int i) =>
        _fuser.Classify(batch.Outputs(i)).Top5[0].ClassId;

    private static double Farthest(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var farthest = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            farthest = Math.Max(farthest, Math.Abs(a[i] - b[i]));
        }

        return farthest;
    }
}

/// <summary>Largest differences and the share of images with the same class.</summary>
internal sealed record DeviceFigures(
    string Bundle, string Device, string Precision, string Reference, string ReferencePrecision, int Images, double Scores, double Logits,
    double SameClass)
{
    private const double LargestScoreDifference = 2e-2;
    private const double LeastSameClass = 0.995;

    public bool Passes => Scores <= LargestScoreDifference && SameClass >= LeastSameClass;
}

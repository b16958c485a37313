using System.Text.RegularExpressions;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Bundle;

/// <summary>The rules a manifest must satisfy before the bundle is used.</summary>
internal static partial class ManifestRules
{
    public static void Check(string directory, BundleManifest m)
    {
        Require(
            m.Format is >= BundleManifest.TwoNetworks and <= BundleManifest.WithDetector,
            directory,
            $"format {m.Format} is unknown; this program reads formats {BundleManifest.TwoNetworks} to {BundleManifest.WithDetector}");
        CheckTrunk(directory, m);
        CheckDetector(directory, m);
        CheckPrecisions(directory, m);
        Require(IsName(m.Name), directory, $"name '{m.Name}' must be letters, digits, '.', '_' or '-'");
        Require(IsName(m.Version), directory, $"version '{m.Version}' must be letters, digits, '.', '_' or '-'");
        Require(m.Preprocessing.Size is >= 8 and <= 2048, directory, $"preprocessing.size {m.Preprocessing.Size} is outside 8..2048");
        var resize = m.Preprocessing.Resize;
        Require(
            string.Equals(resize, PreprocessingRecipe.LetterboxBilinear, StringComparison.Ordinal),
            directory,
            $"preprocessing.resize '{resize}' is unknown");
        var decoder = m.Preprocessing.Decoder;
        Require(decoder is null || ImageDecoders.All.Contains(decoder), directory, $"preprocessing.decoder '{decoder}' is unknown");
        var deep = m.Preprocessing.SixteenBit;
        Require(SixteenBitRule.IsRule(deep), directory, $"preprocessing.sixteenBit '{deep}' is unknown");
        Require(
            m.Quality is null
                or { Brightest: >= 0 and <= 255, Darkest: >= 0 and <= 255, Range: >= 0 and <= 255, Sharpness: >= 0 and <= 1020 },
            directory,
            "quality needs brightest, darkest and range of 0 to 255, and sharpness of 0 to 1020");
        Require(m.StageOne.TopK is >= 1 and <= 256, directory, $"stageOne.topK {m.StageOne.TopK} is outside 1..256");
        Require(m.StageOne.TopK <= m.StageOne.GalleryRows, directory, "stageOne.topK exceeds stageOne.galleryRows");
        Require(m.StageOne.EmbeddingSize > 0, directory, "stageOne.embeddingSize must be above 0");
        Require(EvidenceRules.IsKnown(m.Fusion.Rule), directory, $"fusion.rule '{m.Fusion.Rule}' is unknown to this version");
        Require(
            m.Fusion is { T1: > 0, Tc: > 0, Ts: > 0, Wc: >= 0, Ws: >= 0 },
            directory,
            "fusion needs t1, tc, ts above 0 and wc, ws of at least 0");
        foreach (var file in new[] { m.StageOne.File, m.StageTwo.File, LabelSet.FileName, GalleryIndex.FileName, GoldenSet.FileName })
        {
            Require(m.Files.ContainsKey(file), directory, $"{BundleManifest.FileName} does not list {file}");
        }
    }

    private static void CheckTrunk(string directory, BundleManifest m)
    {
        var (features, size) = (m.StageOne.Features, m.StageOne.FeatureSize);
        var shared = features is not null;
        Require(
            m.Format == BundleManifest.WithDetector || shared == (m.Format == BundleManifest.SharedTrunk),
            directory,
            $"format {m.Format} does not fit stageOne.features '{features}'");
        Require(
            shared ? size is >= 1 and <= 8192 : size == 0,
            directory,
            $"stageOne.featureSize {size} must be 1..8192 with stageOne.features, and 0 without");
        string[] others = [m.StageOne.Input, m.StageOne.Embedding, m.StageOne.Scores, m.StageOne.Indices];
        Require(!others.Contains(features), directory, $"stageOne.features '{features}' is the name of another tensor");
        Require(
            !shared || string.Equals(m.StageTwo.Input, features, StringComparison.Ordinal),
            directory,
            $"stageTwo.input '{m.StageTwo.Input}' must be stageOne.features '{features}'");
    }

    private static void CheckDetector(string directory, BundleManifest m)
    {
        var distances = m.StageTwo.DistanceNames ?? [];
        Require(
            m.Detector is null || m.Format == BundleManifest.WithDetector,
            directory,
            $"format {m.Format} has no detector; format {BundleManifest.WithDetector} does");
        Require(
            distances.Count > 0 == m.StageTwo.Distances is not null,
            directory,
            $"stageTwo.distances '{m.StageTwo.Distances}' does not fit {distances.Count} stageTwo.distanceNames");
        foreach (var test in m.Detector?.Tests ?? [])
        {
            var unknown = test.Weights.Keys.FirstOrDefault(w => !DetectorInputs.All.Contains(w) && !distances.Contains(w));
            Require(unknown is null, directory, $"detector test '{test.Name}' has the input '{unknown}', which this version does not know");
        }

        Require(m.Detector is not { Tests.Count: 0 }, directory, "detector has no tests");
    }

    private static void CheckPrecisions(string directory, BundleManifest m)
    {
        foreach (var (name, graphs) in m.Precisions ?? new Dictionary<string, PrecisionManifest>(StringComparer.Ordinal))
        {
            Require(
                name is Precisions.Fp16 or Precisions.Int8,
                directory,
                $"precision '{name}' is unknown; this program knows {Precisions.Fp16} and {Precisions.Int8} beside {Precisions.Fp32}");
            Require(graphs is not { StageOne: null, StageTwo: null }, directory, $"precision '{name}' has no graph");
            foreach (var file in new[] { graphs.StageOne, graphs.StageTwo, graphs.Golden }.OfType<string>())
            {
                Require(m.Files.ContainsKey(file), directory, $"{BundleManifest.FileName} does not list {file}");
            }
        }
    }

    public static void Check(string directory, BundleManifest m, LabelSet labels, GalleryIndex gallery)
    {
        var problem = labels.FirstProblem();
        Require(problem is null, directory, $"{LabelSet.FileName}: {problem}");
        Require(
            gallery.Rows == m.StageOne.GalleryRows && gallery.ClassId.Length == gallery.Rows,
            directory,
            $"{GalleryIndex.FileName} has {gallery.ClassId.Length} rows, but stageOne.galleryRows is {m.StageOne.GalleryRows}");
        Require(
            Array.TrueForAll(gallery.ClassId, id => id >= 0 && id < labels.Classes.Count),
            directory,
            $"{GalleryIndex.FileName} names a class that {LabelSet.FileName} lacks");
        var rows = Enumerable.Range(0, gallery.Rows).Select(GalleryImages.FileOf).ToHashSet(StringComparer.Ordinal);
        var stray = m.Files.Keys.FirstOrDefault(f => f.StartsWith(GalleryImages.Prefix, StringComparison.Ordinal) && !rows.Contains(f));
        Require(
            stray is null,
            directory,
            $"{stray} is not the image of a gallery row, {GalleryImages.FileOf(0)} to {GalleryImages.FileOf(gallery.Rows - 1)}");
    }

    internal static bool IsName(string text) => NamePattern().IsMatch(text);

    private static void Require(bool condition, string directory, string message)
    {
        if (!condition)
        {
            throw new BundleException($"{directory}: {message}");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}

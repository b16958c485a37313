using PartsWorker.Inference.Tests.Support;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Fusion;

namespace PartsWorker.Inference.Tests;

public sealed class GoldenOutputTests(Reference reference) : IClassFixture<Reference>
{
    private const double Tolerance = 1e-4;
    private const double SameScore = 1e-6;

    [Fact]
    public void Every_golden_output_is_reproduced_from_the_recorded_pixels()
    {
        using var batch = reference.Classifier.CreateBatch();
        foreach (var golden in reference.Golden)
        {
            reference.Fill(batch, 0, golden);
            reference.Classifier.Run(batch, 1);
            AssertClose(golden.Embedding, batch.Embedding(0)[..golden.Embedding.Length]);
            AssertClose(golden.Scores, batch.Scores(0));
            AssertClose(golden.ColorLogits, batch.ColorLogits(0));
            AssertClose(golden.ShapeLogits, batch.ShapeLogits(0));
            AssertSameHits(golden, batch.Indices(0));
        }
    }

    [Fact]
    public void Every_golden_answer_is_given()
    {
        var fuser = new Fuser(reference.Bundle);
        using var batch = reference.Classifier.CreateBatch();
        foreach (var golden in reference.Golden)
        {
            reference.Fill(batch, 0, golden);
            reference.Classifier.Run(batch, 1);
            var verdict = fuser.Judge(batch.Scores(0), batch.Indices(0), batch.ColorLogits(0), batch.ShapeLogits(0));
            Assert.Equal(golden.ClassId, verdict.ClassId);
            Assert.Equal(golden.FilterClassId, verdict.FilterClassId);
            Assert.Equal(golden.FilterPath, verdict.FilterPath);
            Assert.Equal(golden.Top1ClassId, verdict.Top1ClassId);
            Assert.Equal(golden.Confidence, verdict.Confidence, Tolerance);
        }
    }

    [Fact]
    public void The_verifier_accepts_the_bundle_and_says_how_far_it_is_off()
    {
        var report = BundleVerifier.Verify(reference.Bundle, reference.Classifier, reference.Preprocessor);
        Assert.Equal(66, report.Images);
        Assert.InRange(Math.Max(Math.Max(report.Embedding, report.Scores), Math.Max(report.Logits, report.Confidence)), 1e-9, Tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(16)]
    public void Batches_of_any_size_give_the_answers_of_single_images(int size)
    {
        using var single = reference.Classifier.CreateBatch();
        using var batch = reference.Classifier.CreateBatch();
        foreach (var chunk in reference.Golden.Chunk(size))
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                reference.Fill(batch, i, chunk[i]);
            }

            reference.Classifier.Run(batch, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                reference.Fill(single, 0, chunk[i]);
                reference.Classifier.Run(single, 1);
                AssertClose(single.Embedding(0).ToArray(), batch.Embedding(i));
                AssertClose(single.Scores(0).ToArray(), batch.Scores(i));
                AssertClose(single.ColorLogits(0).ToArray(), batch.ColorLogits(i));
            }
        }
    }

    [Fact]
    public void What_lies_behind_the_last_image_changes_nothing()
    {
        using var batch = reference.Classifier.CreateBatch();
        for (var i = 0; i < 9; i++)
        {
            reference.Fill(batch, i, reference.Golden[i]);
        }

        reference.Classifier.Run(batch, 9);
        var clean = batch.Scores(8).ToArray();
        for (var i = 9; i < batch.Capacity; i++)
        {
            new Random(i).NextBytes(batch.Slot(i).Span);
        }

        reference.Classifier.Run(batch, 9);
        AssertClose(clean, batch.Scores(8));
    }

    private static void AssertSameHits(GoldenImage golden, ReadOnlySpan<long> found)
    {
        var scores = golden.Scores;
        for (var k = 0; k < golden.Indices.Length; k++)
        {
            var apart = (k == 0 || scores[k - 1] - scores[k] > SameScore) && (k == scores.Length - 1 || scores[k] - scores[k + 1] > SameScore);
            Assert.True(!apart || golden.Indices[k] == found[k], $"{golden.File}: hit {k}");
        }
    }

    private static void AssertClose(float[] expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], Tolerance);
        }
    }
}

using PartsWorker.Inference.Tests.Support;

namespace PartsWorker.Inference.Tests;

public sealed class GoldenOutputTests(RepositoryModel model) : IClassFixture<RepositoryModel>
{
    [Fact]
    public void Every_golden_output_is_reproduced_from_the_recorded_pixels() => model.AssertReproducesOutputs();

    [Fact]
    public void Every_golden_answer_is_reproduced() => model.AssertReproducesAnswers();

    [Fact]
    public void The_verifier_accepts_the_bundle_and_reports_the_differences()
    {
        var report = BundleVerifier.Verify(model.Bundle, model.Classifier, model.Preprocessor);
        Assert.Equal(model.Golden.Count, report.Images);
        Assert.InRange(
            Math.Max(Math.Max(report.Embedding, report.Scores), Math.Max(report.Logits, report.Confidence)), 0, LoadedModel.Tolerance);
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
        using var single = model.Classifier.CreateBatch();
        using var batch = model.Classifier.CreateBatch();
        foreach (var chunk in model.Golden.Chunk(size))
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                model.Fill(batch, i, chunk[i]);
            }

            model.Classifier.Run(batch, chunk.Length);
            for (var i = 0; i < chunk.Length; i++)
            {
                model.Fill(single, 0, chunk[i]);
                model.Classifier.Run(single, 1);
                LoadedModel.AssertClose(single.Embedding(0).ToArray(), batch.Embedding(i));
                LoadedModel.AssertClose(single.Scores(0).ToArray(), batch.Scores(i));
                LoadedModel.AssertClose(single.ColorLogits(0).ToArray(), batch.ColorLogits(i));
            }
        }
    }

    [Fact]
    public void The_slots_after_the_last_image_have_no_effect()
    {
        using var batch = model.Classifier.CreateBatch();
        for (var i = 0; i < 9; i++)
        {
            model.Fill(batch, i, model.Golden[i % model.Golden.Count]);
        }

        model.Classifier.Run(batch, 9);
        var clean = batch.Scores(8).ToArray();
        for (var i = 9; i < batch.Capacity; i++)
        {
            new Random(i).NextBytes(batch.Slot(i).Span);
        }

        model.Classifier.Run(batch, 9);
        LoadedModel.AssertClose(clean, batch.Scores(8));
    }
}

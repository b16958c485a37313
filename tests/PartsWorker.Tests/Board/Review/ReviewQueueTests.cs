using PartsWorker.Board.Review;

namespace PartsWorker.Tests.Board.Review;

public sealed class ReviewQueueTests
{
    [Fact]
    public void A_decision_counts_only_for_the_image_that_was_on_the_screen()
    {
        var (queue, images) = Filled(2);

        Assert.Null(queue.Take(images[1].ImageId));
        Assert.Same(images[0], queue.Take(images[0].ImageId));
        Assert.Null(queue.Take(images[0].ImageId));
        Assert.Same(images[1], queue.Current);
    }

    [Fact]
    public void An_image_that_comes_back_is_the_current_one_again()
    {
        var (queue, images) = Filled(3);
        queue.Take(images[0].ImageId);
        queue.Take(images[1].ImageId);

        queue.PutBack(images[0]);

        Assert.Equal([images[0], images[2]], queue.Visible);
    }

    [Fact]
    public void An_image_whose_review_is_being_written_does_not_come_again_with_the_next_read()
    {
        var (queue, images) = Filled(1);
        queue.Take(images[0].ImageId);
        var next = Image();

        queue.Add([images[0], next], asked: 2);

        Assert.Equal([next], queue.Visible);
        Assert.Same(next, queue.Last);
        Assert.False(queue.IsAtEnd);
    }

    [Fact]
    public void The_browser_gets_the_current_image_and_three_ahead()
    {
        var (queue, images) = Filled(9);

        Assert.Equal(images.Take(4), queue.Visible);
    }

    [Fact]
    public void A_short_read_ends_the_queue()
    {
        var queue = new ReviewQueue();
        queue.Add([Image()], asked: 40);

        Assert.True(queue.IsAtEnd);
    }

    private static (ReviewQueue Queue, ReviewImage[] Images) Filled(int count)
    {
        var images = Enumerable.Range(0, count).Select(_ => Image()).ToArray();
        var queue = new ReviewQueue();
        queue.Add(images, count);
        return (queue, images);
    }

    private static ReviewImage Image() => new()
    {
        ImageId = Guid.NewGuid(),
        CapturedAt = DateTimeOffset.UnixEpoch,
        Line = "A",
        Camera = "cam-1",
        Reason = "low confidence",
        Class = "Plum",
        Confidence = 0.5f,
        Color = "red",
        ColorConfidence = 0.9f,
        Shape = "round",
        ShapeConfidence = 0.9f,
        MaxSimilarity = 0.8f,
        Model = "parts@1",
        Top1Class = "Plum",
        FilterClass = "Plum",
        FilterPath = "both",
        Candidates = [new ReviewCandidate("Plum", 0.5f, 0.8f)],
    };
}

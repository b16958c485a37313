using PartsWorker.Client;
using PartsWorker.Commands;
using PartsWorker.DeadLetters;
using RabbitMQ.Client;

namespace PartsWorker.Tests.DeadLetters;

public sealed class DeadLetterFilterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = Guid.NewGuid();

    private static readonly DeadLetter Letter = new(
        1, Id, "missing-image", "load", "no such file", 3, Now.AddHours(
            -2), Lane.Live, "A", "cam-1", "image.live.A.cam-1", new BasicProperties(), default);

    [Fact]
    public void An_empty_filter_matches_every_letter() => Assert.True(new DeadLetterFilter().Matches(Letter));

    [Fact]
    public void Every_condition_must_hold()
    {
        Assert.True(new DeadLetterFilter("missing-image", "A", "cam-1", Now.AddHours(-3), Id).Matches(Letter));
        Assert.False(new DeadLetterFilter(Reason: "bad-message").Matches(Letter));
        Assert.False(new DeadLetterFilter(Line: "B").Matches(Letter));
        Assert.False(new DeadLetterFilter(Camera: "cam-2").Matches(Letter));
        Assert.False(new DeadLetterFilter(Since: Now.AddHours(-1)).Matches(Letter));
        Assert.False(new DeadLetterFilter(ImageId: Guid.NewGuid()).Matches(Letter));
    }

    [Theory]
    [InlineData("90m", 90)]
    [InlineData("1.5h", 90)]
    [InlineData("2d", 2880)]
    [InlineData("2026-11-21T05:00:00Z", 60)]
    public void Since_is_a_span_or_a_time(string text, int minutesAgo) =>
        Assert.Equal(Now.AddMinutes(-minutesAgo), DeadLettersCommand.ParseSince(text, Now));

    [Fact]
    public void A_wrong_since_is_refused_with_examples() =>
        Assert.Contains(
            "90m, 12h, 7d",
            Assert.Throws<UserErrorException>(() => DeadLettersCommand.ParseSince("soon", Now)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_letter_without_the_routing_key_of_a_camera_is_still_replayed_to_its_lane() =>
        Assert.Equal(
            "image.reprocess.unknown.unknown",
            ReplayedMessage.RoutingKey(Letter with { Lane = Lane.Reprocess, Line = null, Camera = null }));
}

using PartsWorker.Board.Live;

namespace PartsWorker.Tests.Board;

public sealed class LiveMinutesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 3, 6, 30, 20, TimeSpan.Zero);
    private readonly LiveMinutes _minutes = new();

    [Fact]
    public void The_totals_are_those_of_the_last_sixty_full_minutes()
    {
        _minutes.Replace([Minute(-61, 5, 0), Minute(-60, 10, 1), Minute(-1, 20, 5), Minute(0, 40, 40)], Now.AddHours(-2), Now);

        var (parts, unknown) = _minutes.Totals(Now);

        Assert.Equal(60, parts.Length);
        Assert.Equal(10, parts[0]);
        Assert.Equal(20, parts[^1]);
        Assert.Equal(0.1, unknown[0], 6);
        Assert.Equal(0.25, unknown[^1], 6);
        Assert.Equal(30, parts.Sum());
    }

    [Fact]
    public void Reading_a_minute_again_replaces_it()
    {
        _minutes.Replace([Minute(-1, 20, 5)], LiveMinutes.StartOf(Now, 60), Now);
        _minutes.Replace([Minute(-1, 25, 5), Minute(0, 1, 0)], LiveMinutes.StartOf(Now, 1), Now);

        Assert.Equal(25, _minutes.LastFull("A", "cam-1", Now)!.Parts);
    }

    [Fact]
    public void A_camera_that_stored_nothing_in_the_last_minute_has_none()
    {
        _minutes.Replace([Minute(-2, 20, 5)], LiveMinutes.StartOf(Now, 60), Now);

        Assert.Null(_minutes.LastFull("A", "cam-1", Now));
    }

    private static CameraMinute Minute(int back, long parts, long unknown) =>
        new(LiveMinutes.StartOf(Now, -back), "A", "cam-1", parts, unknown, 0, 0.5);
}

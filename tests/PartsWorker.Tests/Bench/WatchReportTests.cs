using PartsWorker.Bench.Watch;
using PartsWorker.Harness.Services;

namespace PartsWorker.Tests.Bench;

public sealed class WatchReportTests
{
    [Theory]
    [InlineData(0.02, 10, null)]
    [InlineData(0.021, 10, "memory grew by 2.1 %")]
    [InlineData(-0.3, 10, null)]
    [InlineData(0, 11, "channels from 10 to 11")]
    public void A_soak_has_settled_when_neither_memory_nor_channels_grow_in_the_second_half(double growth, int channels, string? says)
    {
        var found = Report(growth, new(3, channels)).Growth;
        Assert.Equal(says is null, found is null);
        Assert.Contains(says ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_management_API_memory_alone_decides()
    {
        Assert.Null(Report(0.01, late: null).Growth);
        Assert.NotNull(Report(0.03, late: null).Growth);
    }

    [Fact]
    public void A_row_too_few_or_an_image_twice_is_not_complete()
    {
        Assert.True(Report(0, late: null).IsComplete);
        Assert.False((Report(0, late: null) with { Rows = 999 }).IsComplete);
        Assert.False((Report(0, late: null) with { DifferentImages = 999 }).IsComplete);
    }

    private static WatchReport Report(double growth, OpenObjects? late) => new()
    {
        Messages = 1000,
        Workers = 1,
        Rows = 1000,
        DifferentImages = 1000,
        PublishedPerSecond = double.NaN,
        ImagesPerSecond = 100,
        CpuMsPerImage = 1,
        EarlyMb = 150,
        LateMb = 150,
        PeakMb = 160,
        EarlyHandles = 200,
        LateHandles = 200,
        Gen2Collections = 0,
        HalfCollectedMb = 100,
        LateCollectedMb = 100 * (1 + growth),
        Steady = new(100, 1, 0.03, 0.06, 0),
        HalfOpen = late is null ? null : new(3, 10),
        LateOpen = late,
    };
}

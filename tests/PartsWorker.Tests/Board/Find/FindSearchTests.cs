using Microsoft.Extensions.Time.Testing;
using PartsWorker.Board.Find;

namespace PartsWorker.Tests.Board.Find;

public class FindSearchTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Now);
    private readonly List<(DateTimeOffset From, DateTimeOffset? To, int Limit)> _slices = [];
    private readonly List<DateTimeOffset> _rows = [];
    private TimeSpan _cost = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_filter_that_matches_often_reads_one_hour_only()
    {
        AddEvery(TimeSpan.FromSeconds(10), 1000);
        var search = new FindSearch(new FindFilter(), _time);

        await search.ContinueAsync(ReadAsync, Now.AddYears(-1), CancellationToken.None);

        Assert.True(search.IsFull);
        Assert.Equal((Now.AddHours(-1), null, FindSearch.PageSize), Assert.Single(_slices));
    }

    [Fact]
    public async Task A_rare_filter_reads_growing_slices_until_the_oldest_row_without_a_gap()
    {
        _rows.AddRange([Now.AddYears(60), Now.AddDays(-3), Now.AddDays(-300)]);
        var search = new FindSearch(new FindFilter(), _time);

        await search.ContinueAsync(ReadAsync, Now.AddDays(-300), CancellationToken.None);

        Assert.True(search.IsComplete);
        Assert.Equal(_rows, search.Images.Select(image => image.CapturedAt));
        Assert.InRange(_slices.Count, 4, 10);
        Assert.All(_slices.Zip(_slices.Skip(1)), pair => Assert.Equal(pair.First.From, pair.Second.To));
        Assert.Equal(Now.AddDays(-300), _slices[^1].From);
    }

    [Fact]
    public async Task A_search_stops_when_its_time_is_used_up_and_continues_where_it_stopped()
    {
        (_cost, var oldest) = (TimeSpan.FromSeconds(1), Now.AddHours(-5));
        _rows.Add(Now.AddHours(-4.5));
        var search = new FindSearch(new FindFilter(), _time);

        await search.ContinueAsync(ReadAsync, oldest, CancellationToken.None);
        Assert.Equal((3, false, 0), (_slices.Count, search.IsComplete, search.Images.Count));
        Assert.Equal(Now.AddHours(-3), search.SearchedTo);

        await search.ContinueAsync(ReadAsync, oldest, CancellationToken.None);
        Assert.Equal((5, true, 1), (_slices.Count, search.IsComplete, search.Images.Count));
    }

    [Fact]
    public async Task A_slice_that_takes_too_long_is_cancelled_and_tried_narrower_by_the_next_click()
    {
        var search = new FindSearch(new FindFilter(), _time);

        var running = search.ContinueAsync(NeverAsync, Now.AddYears(-1), CancellationToken.None);
        _time.Advance(FindSearch.Budget);
        await running;

        Assert.Null(search.SearchedTo);
        await search.ContinueAsync(ReadAsync, Now.AddYears(-1), CancellationToken.None);
        Assert.Equal(Now.AddHours(-1.0 / 16), _slices[0].From);
    }

    [Fact]
    public async Task Leaving_the_page_is_not_taken_for_a_slow_slice()
    {
        using var left = new CancellationTokenSource();
        var running = new FindSearch(new FindFilter(), _time).ContinueAsync(NeverAsync, Now.AddYears(-1), left.Token);

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_further_page_starts_at_the_last_image_of_the_one_before()
    {
        var last = Now.AddDays(-100);
        var search = new FindSearch(new FindFilter { Before = new(last, Guid.Empty) }, _time);

        await search.ContinueAsync(ReadAsync, Now.AddYears(-1), CancellationToken.None);

        Assert.Equal(last.AddTicks(10), _slices[0].To);
        Assert.InRange(last - _slices[0].From, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task An_end_in_the_far_future_costs_no_extra_slices()
    {
        var search = new FindSearch(new FindFilter { To = Now.AddYears(7000) }, _time);

        await search.ContinueAsync(ReadAsync, Now.AddMinutes(-30), CancellationToken.None);

        Assert.Equal((Now.AddMinutes(-30), Now.AddYears(7000), FindSearch.PageSize), Assert.Single(_slices));
        Assert.True(search.IsComplete);
    }

    private void AddEvery(TimeSpan step, int count) => _rows.AddRange(Enumerable.Range(0, count).Select(i => Now - (i * step)));

    private Task<List<FoundImage>> ReadAsync(DateTimeOffset from, DateTimeOffset? to, int limit, CancellationToken cancellationToken)
    {
        _slices.Add((from, to, limit));
        _time.Advance(_cost);
        return Task.FromResult(_rows.Where(at => at >= from && !(at >= to)).OrderDescending().Take(limit).Select(Image).ToList());
    }

    private static async Task<List<FoundImage>> NeverAsync(
        DateTimeOffset from, DateTimeOffset? to, int limit, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return [];
    }

    private static FoundImage Image(DateTimeOffset at) =>
        new(Guid.NewGuid(), at, "A", "cam-1", "bolt", "bolt", 0.9f, "red", "round", null, "parts@1", false);
}

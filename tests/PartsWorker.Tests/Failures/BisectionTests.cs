using PartsWorker.Failures;

namespace PartsWorker.Tests.Failures;

public class BisectionTests
{
    [Fact]
    public async Task A_batch_that_works_is_attempted_once()
    {
        var attempts = 0;
        var guilty = await Bisection.RunAsync([1, 2, 3], _ => { attempts++; return ValueTask.CompletedTask; }, _ => true);

        Assert.Empty(guilty);
        Assert.Equal(1, attempts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(32)]
    public async Task The_guilty_stand_alone_and_everybody_else_passes(int count)
    {
        var passed = new List<int>();
        var guilty = await Bisection.RunAsync(
            Enumerable.Range(0, count).ToArray(),
            some => some.Any(IsGuilty) ? throw new InvalidOperationException($"{some.Count}") : Pass(some),
            error => error is InvalidOperationException);

        Assert.Equal(Enumerable.Range(0, count).Where(IsGuilty), guilty.Select(g => g.Item).Order());
        Assert.Equal(Enumerable.Range(0, count).Where(i => !IsGuilty(i)), passed.Order());
        Assert.All(guilty, g => Assert.Equal("1", g.Error.Message));

        ValueTask Pass(IReadOnlyList<int> some)
        {
            passed.AddRange(some);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task What_cannot_be_isolated_is_thrown()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
            await Bisection.RunAsync(
                [1, 2], _ => throw new OperationCanceledException(), error => error is not OperationCanceledException));
    }

    private static bool IsGuilty(int i) => i % 7 == 3;
}

using PartsWorker.Results;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Results;

public sealed class ResultRowTests
{
    private static readonly Guid First = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Second = Guid.Parse("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void Rows_to_write_are_in_key_order_whatever_order_they_came_in()
    {
        ResultRow[] ordered =
        [
            Some.Row(First, second: 0, "Parts@1"), Some.Row(First, second: 0, "parts@1"), Some.Row(First, second: 1, "parts@1"),
            Some.Row(Second, second: 0, "parts@1"),
        ];

        for (var seed = 0; seed < 20; seed++)
        {
            var shuffled = ordered.ToArray();
            new Random(seed).Shuffle(shuffled);

            Assert.Equal(ordered, ResultRow.DistinctInKeyOrder(shuffled));
        }
    }

    [Fact]
    public void Of_several_rows_with_one_key_the_first_that_is_no_shadow_is_written()
    {
        ResultRow[] rows =
        [
            Some.Row(First) with { Shadow = true },
            Some.Row(First) with { Attempts = 2 },
            Some.Row(First) with { Attempts = 3 },
            Some.Row(Second),
        ];

        Assert.Equal([rows[1], rows[3]], ResultRow.DistinctInKeyOrder(rows));
    }

    [Fact]
    public void Moments_that_PostgreSQL_keeps_as_one_are_one_key()
    {
        var row = Some.Row(First);

        Assert.Single(ResultRow.DistinctInKeyOrder([row, row with { CapturedAt = row.CapturedAt.AddTicks(9) }]));
    }
}

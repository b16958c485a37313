using FsCheck;
using FsCheck.Fluent;
using PartsWorker.Bench.Sizing;
using PartsWorker.Tests.Bench.Costs;

namespace PartsWorker.Tests.Bench.Sizing;

public sealed class SizingCalculatorTests
{
    private static readonly SizingRequest Usual = new() { ImagesPerSecond = 500, Size = "5MP", Model = "real-int8", WorkerCores = 2 };

    [Fact]
    public void More_images_never_need_less_of_anything() => Prop.ForAll(
        Gen.Choose(1, 200_000).Two().Where(pair => pair.Item1 <= pair.Item2).ToArbitrary(),
        pair =>
        {
            var (few, many) = (Plan(Usual with { ImagesPerSecond = pair.Item1 }), Plan(Usual with { ImagesPerSecond = pair.Item2 }));
            return few.Workers <= many.Workers && few.Worlds <= many.Worlds && few.Databases <= many.Databases
                && few.BrokerCores <= many.BrokerCores && few.DatabaseGbPerDay <= many.DatabaseGbPerDay
                && few.StorageGbit <= many.StorageGbit && few.BacklogDiskGb <= many.BacklogDiskGb
                && few.Databases * few.DatabaseCores <= many.Databases * (many.DatabaseCores + 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_plan_without_fixed_numbers_reaches_its_rate() => Prop.ForAll(
        Gen.Choose(1, 100_000).ToArbitrary(),
        rate => Plan(Usual with { ImagesPerSecond = rate, NetworkGbit = 1000 * rate }).Reaches).QuickCheckThrowOnFailure();

    [Fact]
    public void A_plan_is_rate_times_cost_over_the_allowed_share()
    {
        var plan = Plan(Usual with { CoreSpeed = 2, BacklogHours = 2, HoursPerDay = 10 });
        // 20 decode + 10 model + 0.25 fetch + 0.15 pipeline = 30.4 ms; 500 / s on cores that give 1,400 ms per second: 10.9 cores.
        Assert.Equal(6, plan.Workers);
        // 300 MB of the networks, 100 MB of everything else, and two loaders of 20 MB.
        Assert.Equal(440, plan.WorkerMb, 6);
        // 500 x 0.5 ms and 500 x 0.4 ms are a fifth of a core.
        Assert.Equal((1, 1, 1, 1), (plan.Worlds, plan.Databases, plan.BrokerCores, plan.DatabaseCores));
        Assert.Equal((3_600_000, 18_000_000), (plan.BacklogMessages, plan.ImagesPerDay));
        Assert.Equal(3.6e6 * 760 / 1e9, plan.BacklogDiskGb, 6);
        Assert.Equal((250 + (3.5e6 * 100 / 90_000)) / 1000, plan.BacklogMemoryGb, 6);
        Assert.Equal((1, 18), (plan.DatabaseGbPerMillion, plan.DatabaseGbPerDay));
        Assert.Equal((1, 4), (plan.WalMbPerSecond, plan.StorageGbit));
    }

    [Fact]
    public void Larger_pictures_need_more_cores_and_network_and_the_same_rows()
    {
        var (small, large) = (Plan(Usual with { Size = "0.3MP" }), Plan(Usual));
        Assert.True(small.Workers < large.Workers);
        Assert.True(small.StorageGbit < large.StorageGbit);
        Assert.True(small.WorkerMb < large.WorkerMb);
        Assert.Equal(small.DatabaseGbPerDay, large.DatabaseGbPerDay);
    }

    [Fact]
    public void Cost_of_a_size_between_two_measured_ones_lies_between_theirs()
    {
        double Decode(string size) => Plan(Usual with { Size = size }).Image.Decode;
        Assert.InRange(Decode("2.5MP"), Decode("0.3MP"), Decode("5MP"));
        Assert.Equal(Decode("5mp"), Decode("5MP"));
    }

    [Theory]
    [InlineData(1, 10, "worker cores")]
    [InlineData(1000, 1, "network of the image storage")]
    [InlineData(10_000, 1000, "queue of the broker")]
    public void The_resource_that_is_too_small_saturates_first(int workers, double network, string first)
    {
        // 6,900 of the 7,000 messages that a queue takes at 70 %.
        var plan = Plan(Usual with { ImagesPerSecond = 6900, Size = "0.3MP", Workers = workers, NetworkGbit = network });
        Assert.Equal(first, plan.Ceilings[0].Resource);
        Assert.Equal(first == "queue of the broker", plan.Reaches);
        Assert.Contains(first, SizingText.Of(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_table_needs_several_databases_and_as_many_worlds()
    {
        var table = SomeCosts.Table();
        var slow = new SizingCalculator(table with { Tables = [table.Tables[^1] with { RowsPerSecond = 1000 }] });
        var plan = slow.Plan(Usual with { ImagesPerSecond = 1500 });
        Assert.Equal((3, 3), (plan.Databases, plan.Worlds));
    }

    [Fact]
    public void A_worker_below_its_limit_pays_more_than_one_with_a_full_queue()
    {
        var table = SomeCosts.Table();
        var (full, below) = (ImageCost.WithFullQueue(table, "real-int8", "5MP"), ImageCost.BelowTheLimit(table, "real-int8", "5MP"));
        Assert.Equal(20 + 0.25 + 8 + 0.1, full.Worker, 6);
        Assert.Equal(20 + 0.25 + 10 + 0.15, below.Worker, 6);
        Assert.Equal((0.05, 0.5), (full.Broker, below.Broker));
        Assert.Equal((0.07, 0.4), (full.Database, below.Database));
    }

    [Fact]
    public void GPUs_are_stated_only_for_a_model_that_was_measured_on_one()
    {
        Assert.Null(Plan(Usual).Gpus);
        Assert.Contains("no figure of a GPU", SizingText.Of(Plan(Usual)), StringComparison.Ordinal);
        // 1,000 images/s per GPU, of which 700 may be used.
        Assert.Equal(3, Plan(Usual with { Model = "real-gpu", ImagesPerSecond = 1500 }).Gpus);
    }

    [Theory]
    [InlineData("13MP", "real", "--size 13MP: must be 0.3MP..5MP")]
    [InlineData("large", "real", "--size large: must be 0.3MP..5MP")]
    [InlineData("NaN", "real", "--size NaN")]
    [InlineData("5MP", "other", "--model other: was not measured; the cost table has real, real-int8, real-gpu")]
    public void What_was_not_measured_is_refused_in_one_line(string size, string model, string says)
    {
        var error = Assert.Throws<UserErrorException>(() => Plan(Usual with { Size = size, Model = model }));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void What_the_figures_do_not_cover_is_said()
    {
        var plan = new SizingCalculator(SomeCosts.Table() with { Quick = true }).Plan(Usual with { WorkerCores = 8 });
        Assert.Contains(plan.Notes, note => note.Contains("--quick", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, note => note.Contains("more than 2 cores was not measured", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, note => note.Contains("made up", StringComparison.Ordinal));
        Assert.Contains(plan.Notes, note => note.Contains("more than 100,000 messages", StringComparison.Ordinal));
    }

    private static SizingPlan Plan(SizingRequest request) => new SizingCalculator(SomeCosts.Table()).Plan(request);
}

using PartsWorker.Bench.Commands;
using PartsWorker.Bench.Costs;

namespace PartsWorker.Tests.Bench.Costs;

public sealed class CostFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_table_of_the_repository_is_readable_and_complete()
    {
        var table = CostFile.Read(PlanOptions.DefaultCosts);
        Assert.False(table.Quick);
        Assert.Equal(["0.3MP", "1.3MP", "5MP", "12MP"], table.Pictures.Select(picture => picture.Size));
        Assert.Contains(table.Models, model => model.Name == "real-int8");
        Assert.Equal([1, 2, 4], table.Workers.Where(worker => worker.Model == "none").Select(worker => worker.Workers));
        Assert.Equal(["none", "random-tiny", "real-int8"], table.Loads.Select(load => load.Model));
        Assert.True(table.Points.Count >= 3);
        Assert.All(table.Tables, size => Assert.Contains("one image", size.QueryMs.Keys));
    }

    [Fact]
    public void The_document_and_the_plots_of_the_repository_belong_to_its_table()
    {
        var table = CostFile.Read(PlanOptions.DefaultCosts);
        var folder = Path.GetDirectoryName(PlanOptions.DefaultCosts)!;
        Assert.Equal(CostDocument.Of(table), File.ReadAllText(Path.Combine(folder, "costs.md")));
        CostPlots.Write(table, _folder.FullName);
        Assert.All(
            _folder.EnumerateFiles("*.svg"),
            plot => Assert.Equal(File.ReadAllText(plot.FullName), File.ReadAllText(Path.Combine(folder, plot.Name))));
    }

    [Fact]
    public void A_table_that_was_written_is_read_back()
    {
        var file = CostFile.In(_folder.FullName);
        CostFile.Write(file, SomeCosts.Table());
        Assert.Equivalent(SomeCosts.Table(), CostFile.Read(file), strict: true);
    }

    [Theory]
    [InlineData("\"decodeCpuMs\"", "\"decoding\"", "decodeCpuMs")]
    [InlineData("\"singleCpuMs\": 22", "\"singleCpuMs\": 0", "singleCpuMs of real is not above zero")]
    [InlineData("\"5MP\": 20", "\"6MP\": 20", "model real lacks the cost of decoding a size")]
    [InlineData("{", "[", "is not a cost table")]
    public void What_a_table_lacks_is_one_line_with_the_remedy(string text, string instead, string says)
    {
        var file = CostFile.In(_folder.FullName);
        CostFile.Write(file, SomeCosts.Table());
        File.WriteAllText(file, File.ReadAllText(file).Replace(text, instead, StringComparison.Ordinal));
        var error = Assert.Throws<UserErrorException>(() => CostFile.Read(file));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("partsbench costs", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_named()
    {
        var error = Assert.Throws<UserErrorException>(() => CostFile.Read(Path.Combine(_folder.FullName, "nothing.json")));
        Assert.Contains("nothing.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_of_queries_are_read_from_the_output_of_the_script()
    {
        const string output = "\n== one image\nSELECT 1\nTime: 0.412 ms\nindexes: none\n\n"
            + "== totals of a day, per line\nTime: 1234.5 ms (00:01.234)\n";
        var times = TableCosts.Times(output);
        Assert.Equal(["one image", "totals of a day, per line"], times.Keys);
        Assert.Equal([0.412, 1234.5], times.Values);
    }

    [Fact]
    public void An_error_is_also_stated_for_the_cores_that_others_left_over()
    {
        var point = new PointCost("real", "5MP", 1, 44, 40, PredictedImagesPerSecond: 100, MeasuredImagesPerSecond: 40, OtherCores: 1);
        Assert.Equal((0.1, 1.5, 0.25), (Math.Round(point.CpuError, 9), point.RateError, point.RateErrorOnTheRest(cores: 2)));
    }
}

using System.Text.Json;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Synthesis;
using PartsWorker.Trainer.Tests.Export;

namespace PartsWorker.Trainer.Tests.Checking;

public sealed class CheckDataCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-check-").FullName;

    [Fact]
    public void A_swapped_label_is_the_first_suspect_and_the_page_shows_it_without_other_files()
    {
        new Synthesizer(new() { Classes = 6, PerClass = 5, Size = 96, Only = "train" }, _folder).Run();
        var classes = Directory.GetDirectories(Path.Combine(_folder, "train")).Order(StringComparer.Ordinal).ToArray();
        var swapped = Path.Combine(classes[0], "swapped.png");
        File.Move(Path.Combine(classes[3], "000.png"), swapped);

        var report = Check(SomeBundle.Open());
        var suspect = report.Labels!.Suspects[0];
        Assert.Equal((swapped, Path.GetFileName(classes[3])), (suspect.Path, suspect.Suggested));
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(swapped, json.RootElement.GetProperty("labels").GetProperty("suspects")[0].GetProperty("path").GetString());

        var file = Path.Combine(_folder, "check.html");
        CheckPage.Write(file, report);
        var page = File.ReadAllText(file);
        Assert.Contains("swapped.png", page, StringComparison.Ordinal);
        Assert.Contains("data:image/jpeg;base64,", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_code_is_0_for_usable_data_1_for_contradicting_labels_and_2_for_wrong_usage()
    {
        WriteImage("bolt", "a.png", 1);
        WriteImage("nut", "a.png", 2);
        WriteLabels("bolt", "nut");
        Assert.Equal(0, await Run("--data", _folder, "--html", Path.Combine(_folder, "check.html")));
        WriteImage("nut", "b.png", 1);
        Assert.Equal(1, await Run("--data", _folder, "--json"));
        Assert.Equal(2, await Run("--data", Path.Combine(_folder, "missing")));
        Assert.Equal(2, await Run("--data", _folder, "--split", "missing"));
        Assert.Equal(2, await Run("--data", _folder, "--few", "0"));
    }

    [Fact]
    public async Task Data_that_cannot_be_opened_is_a_problem_of_the_data()
    {
        WriteImage("bolt", "a.png", 1);
        WriteImage("nut", "a.png", 2);
        WriteLabels("bolt");
        Assert.Equal(1, await Run("--data", _folder));
        WriteLabels("bolt", "bolt", "nut");
        Assert.Equal(1, await Run("--data", _folder));
        WriteLabels("bolt", "nut", "gear");
        Assert.Equal(1, await Run("--data", _folder));
    }

    [Fact]
    public async Task Copies_in_another_split_are_found_and_under_another_label_they_are_a_problem()
    {
        foreach (var split in new[] { "train", "test" })
        {
            WriteImage(Path.Combine(split, "bolt"), "a.png", split == "train" ? 1 : 3);
            WriteImage(Path.Combine(split, "nut"), "a.png", split == "train" ? 2 : 4);
        }

        WriteLabels("bolt", "nut");
        Assert.DoesNotContain("copies", await PageAsync("--split", "train"), StringComparison.Ordinal);

        WriteImage(Path.Combine("test", "bolt"), "b.png", 1);
        Assert.Contains(
            "bolt/a.png and test: bolt/b.png: the same file", await PageAsync("--split", "train"), StringComparison.Ordinal);
        Assert.Equal(0, await Run("--data", _folder, "--split", "train"));

        WriteImage(Path.Combine("test", "nut"), "c.png", 1);
        Assert.Equal(1, await Run("--data", _folder, "--split", "train"));
        Assert.Equal(1, await Run("--data", _folder, "--split", "test", "--against", "train"));
    }

    [Fact]
    public async Task A_folder_beside_the_splits_that_is_none_of_them_is_not_compared()
    {
        WriteImage(Path.Combine("train", "bolt"), "a.png", 1);
        WriteImage(Path.Combine("train", "nut"), "a.png", 2);
        WriteImage(Path.Combine("drawings", "2026"), "a.png", 3);
        WriteLabels("bolt", "nut");

        Assert.Equal(0, await Run("--data", _folder, "--split", "train"));
        Assert.NotEqual(0, await Run("--data", _folder, "--split", "train", "--against", "drawings"));
    }

    [Fact]
    public async Task Missing_weights_of_the_meta_model_are_noticed_before_the_embedder_is_trained()
    {
        WriteImage("bolt", "a.png", 1);
        WriteImage("nut", "a.png", 2);
        WriteLabels("bolt", "nut");
        var run = Path.Combine(_folder, "run");
        var error = await Assert.ThrowsAsync<UserErrorException>(() => InvokeAsync(
            "train", "--data", _folder, "--run", run, "--preset", "compact", "--weights", "none", "--meta-weights", "missing.ckpt"));
        Assert.Equal("missing.ckpt: no such weight file", error.Message);
        Assert.Empty(Directory.GetFiles(run, "*.ckpt"));
    }

    [Fact]
    public async Task Training_refuses_contradicting_labels_before_it_starts()
    {
        WriteImage("bolt", "a.png", 1);
        WriteImage("nut", "a.png", 1);
        WriteLabels("bolt", "nut");
        var run = Path.Combine(_folder, "run");
        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => InvokeAsync("train", "--data", _folder, "--run", run, "--weights", "none"));
        Assert.Contains("1 file(s) are in several classes", error.Message, StringComparison.Ordinal);
        Assert.Contains("--skip-check", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(run, "*.ckpt"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<int> Run(params string[] arguments)
    {
        try
        {
            return await InvokeAsync(["check-data", .. arguments]);
        }
        catch (UserErrorException error)
        {
            return error.ExitCode;
        }
    }

    private static Task<int> InvokeAsync(params string[] arguments) =>
        CommandLine.Create().Parse(arguments).InvokeAsync(new() { EnableDefaultExceptionHandler = false });

    /// <summary>The page of check-data.</summary>
    private async Task<string> PageAsync(params string[] arguments)
    {
        var file = Path.Combine(_folder, "check.html");
        await Run(["--data", _folder, "--html", file, .. arguments]);
        return File.ReadAllText(file);
    }

    private DataReport Check(ModelBundle bundle)
    {
        var data = DataFolder.Open(_folder, "train", everyClass: false);
        var scan = new ImageScanner(ImageDecoders.Create(ImageDecoders.ImageSharp)).Scan(data.Images);
        var set = new DataSet(data, scan);
        var outputs = BundleOutputs.Read(bundle, set, null, CancellationToken.None);
        return DataCheck.Run(data, scan, new()) with { Labels = new BundleCheck(set, new()).Run([outputs]) };
    }

    private void WriteLabels(params string[] names) =>
        LabelFile.Write(Path.Combine(_folder, "labels.json"), Data.SomeData.Labels(names));

    private void WriteImage(string name, string file, int scene)
    {
        byte[] pixels = [.. Enumerable.Range(0, 32 * 32 * 3).Select(p => (byte)(Dice.For(1, scene, p).Unit() * 200))];
        File.WriteAllBytes(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, name)).FullName, file), PngFile.Encode(pixels, new(32, 32)));
    }
}

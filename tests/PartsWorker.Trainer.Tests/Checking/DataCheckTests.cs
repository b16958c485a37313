using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Checking;

public sealed class DataCheckTests : IDisposable
{
    private static readonly CheckOptions Options = new() { TrainingSize = SomeData.Side };
    private readonly SomeData _some = new();

    [Fact]
    public void A_good_data_set_has_no_findings()
    {
        _some.WriteLabels("bolt", "nut", "gear", "pin");
        foreach (var (id, name) in new[] { "bolt", "nut", "gear", "pin" }.Index())
        {
            AddScenes(name, id * 100, 8);
        }

        var report = Check();
        Assert.Empty(report.Findings);
        Assert.False(report.HasProblems);
        Assert.Equal((32, 4, 8), (report.Images, report.Classes, report.PerClass[3].Scenes));
    }

    [Fact]
    public void A_file_in_two_classes_is_a_problem_that_names_both_copies()
    {
        _some.WriteLabels("bolt", "nut");
        AddScenes("bolt", 0, 8);
        AddScenes("nut", 7, 8);
        var report = Check();
        var finding = Assert.Single(report.Findings, f => f.Kind == "same-file-in-several-classes");
        Assert.Equal("bolt/7.png = nut/0.png", Assert.Single(finding.Items).Text);
        Assert.True(report.HasProblems);
        Assert.DoesNotContain(report.Findings, f => f.Kind == "near-identical-across-classes");
    }

    [Fact]
    public void A_file_twice_in_one_class_is_a_warning()
    {
        _some.WriteLabels("bolt");
        AddScenes("bolt", 0, 8);
        _some.Add("bolt", "copy.png", Scene(3));
        var report = Check();
        Assert.Equal("bolt/3.png = bolt/copy.png", Assert.Single(report.Findings, f => f.Kind == "same-file-twice").Items[0].Text);
        Assert.False(report.HasProblems);
    }

    [Fact]
    public void Unreadable_files_are_named_with_the_reason_and_a_class_of_them_is_a_problem()
    {
        _some.WriteLabels("bolt", "nut");
        AddScenes("bolt", 0, 8);
        File.WriteAllText(_some.Add("nut", "0.png", _ => 0), "no image");
        var report = Check();
        Assert.Equal(
            "nut/0.png: not a raw image", Assert.Single(report.Findings, f => f.Kind == "unreadable-images").Items[0].Text);
        Assert.Equal("nut", Assert.Single(report.Findings, f => f.Kind == "classes-without-readable-images").Items[0].Text);
        Assert.Equal((9, 1), (report.Images, report.Unreadable));
    }

    [Fact]
    public void Classes_are_reported_by_what_their_number_of_images_means()
    {
        _some.WriteLabels("none", "one", "three", "seven", "many");
        AddScenes("one", 100, 1);
        AddScenes("three", 200, 3);
        AddScenes("seven", 300, 7);
        AddScenes("many", 400, 11);
        var findings = Check().Findings.ToDictionary(f => f.Kind, f => string.Join(';', f.Items.Select(i => i.Text)));
        Assert.Equal("none", findings["classes-without-images"]);
        Assert.Equal("one: 1", findings["classes-with-one-image"]);
        Assert.Equal("three: 3", findings["classes-without-validation"]);
        Assert.Equal("seven: 7", findings["classes-with-few-images"]);
        Assert.Equal("many: 11;seven: 7;three: 3;one: 1", findings["imbalance"]);
    }

    [Fact]
    public void Small_and_flat_images_are_reported()
    {
        _some.WriteLabels("bolt");
        AddScenes("bolt", 0, 8);
        _some.Add("bolt", "dark.png", _ => 3);
        Assert.Equal("bolt/dark.png: contrast 0.0 of 255", Assert.Single(Check().Findings, f => f.Kind == "flat-images").Items[0].Text);
        var small = Check(Options with { TrainingSize = 17 }).Findings.Single(f => f.Kind == "small-images");
        Assert.Equal((9, "bolt/0.png: 16x16"), (small.Items.Count, small.Items[0].Text));
    }

    public void Dispose() => _some.Dispose();

    private static Func<int, byte> Scene(int scene) => p => (byte)(Dice.For(1, scene, p).Unit() * 200);

    private void AddScenes(string name, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _some.Add(name, $"{i}.png", Scene(first + i));
        }
    }

    private DataReport Check(CheckOptions? options = null)
    {
        var data = DataFolder.Open(_some.Folder, everyClass: false);
        return DataCheck.Run(data, new ImageScanner(SomeData.Decoder).Scan(data.Images), options ?? Options);
    }
}

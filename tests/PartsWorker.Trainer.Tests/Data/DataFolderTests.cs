using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly SomeData _some = new();

    [Fact]
    public void Class_ids_follow_the_labels_and_files_are_sorted()
    {
        _some.WriteLabels("bolt", "nut");
        _some.Add("nut", "b.png", _ => 1);
        _some.Add("nut", "a.png", _ => 2);
        _some.Add("bolt", "z.jpg", _ => 3);
        var data = DataFolder.Open(_some.Folder);
        Assert.Equal([(0, "z.jpg"), (1, "a.png"), (1, "b.png")], data.Images.Select(i => (i.ClassId, Path.GetFileName(i.Path))));
    }

    [Fact]
    public void A_trailing_slash_has_no_effect()
    {
        _some.TwoClasses(1);
        var above = Path.GetDirectoryName(_some.Folder)!;
        var split = Path.GetFileName(_some.Folder);
        Assert.Equal(DataFolder.Open(_some.Folder).Images, DataFolder.Open(_some.Folder + "/").Images);
        Assert.Equal(DataFolder.Open(above, split).Images, DataFolder.Open(above + "/", split + "/").Images);
    }

    [Fact]
    public void A_folder_without_a_label_is_an_error_that_names_it()
    {
        _some.WriteLabels("bolt");
        _some.Add("bolt", "a.png", _ => 1);
        _some.Add("gear", "a.png", _ => 1);
        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(_some.Folder));
        Assert.Contains("gear", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void All_folders_without_a_label_are_named_in_one_line()
    {
        _some.WriteLabels("bolt");
        foreach (var name in new[] { "bolt", "gear", "pin", "rod" })
        {
            _some.Add(name, "a.png", _ => 1);
        }

        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(_some.Folder));
        Assert.EndsWith("(also unlabeled: pin, rod)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_classes_of_one_name_are_an_error_that_names_both()
    {
        _some.WriteLabels("bolt", "nut", "bolt");
        _some.Add("bolt", "a.png", _ => 1);
        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(_some.Folder));
        Assert.Contains("classes 0 and 2 have the same name \"bolt\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_without_a_folder_is_an_error_only_if_every_class_is_required()
    {
        _some.WriteLabels("bolt", "nut");
        _some.Add("bolt", "a.png", _ => 1);
        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(_some.Folder));
        Assert.Contains("\"nut\"", error.Message, StringComparison.Ordinal);
        Assert.Single(DataFolder.Open(_some.Folder, everyClass: false).Images);
    }

    [Fact]
    public void Plain_labels_refer_to_the_folders_in_sorted_order()
    {
        File.WriteAllText(
            Path.Combine(_some.Folder, "cs_label.json"),
            """{"0": {"category": 1, "color": 4}, "1": {"category": 0, "color": 2}}""");
        _some.Add("b", "a.png", _ => 1);
        _some.Add("a", "a.png", _ => 1);
        var labels = DataFolder.Open(_some.Folder).Labels;
        Assert.Equal([("a", 4, 1), ("b", 2, 0)], labels.Classes.Select(c => (c.Name, c.Color, c.Shape)));
        Assert.Equal((5, 2), (labels.Colors.Count, labels.Shapes.Count));
    }

    [Fact]
    public void Plain_labels_with_more_entries_than_folders_are_rejected()
    {
        File.WriteAllText(
            Path.Combine(_some.Folder, "cs_label.json"),
            """{"0": {"category": 0, "color": 0}, "1": {"category": 0, "color": 0}}""");
        _some.Add("a", "a.png", _ => 1);
        Assert.Contains(
            "entry \"1\"", Assert.Throws<UserErrorException>(() => DataFolder.Open(_some.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Helper_files_and_folders_of_other_systems_are_not_data()
    {
        _some.WriteLabels("bolt");
        _some.Add("bolt", "a.png", _ => 1);
        _some.Add("bolt", "._a.png", _ => 1);
        _some.Add("__MACOSX", "a.png", _ => 1);
        _some.Add("@eaDir", "a.png", _ => 1);
        Assert.Equal(["a.png"], DataFolder.Open(_some.Folder).Images.Select(i => Path.GetFileName(i.Path)));
    }

    [Theory]
    [InlineData("Sch\u00fcssel", "Schu\u0308ssel")]
    [InlineData("Schu\u0308ssel", "Sch\u00fcssel")]
    public void A_name_composed_by_one_system_and_decomposed_by_another_is_the_same_class(string label, string folder)
    {
        _some.WriteLabels(label);
        _some.Add(folder, "a.png", _ => 1);
        var data = DataFolder.Open(_some.Folder);
        Assert.Single(data.Images);
        Assert.Equal("Sch\u00fcssel", data.Labels.Classes[0].Name);
    }

    [Fact]
    public void Data_without_labels_opens_only_where_that_is_allowed_and_its_labels_are_written_once()
    {
        _some.Add("train/bolt", "a.png", _ => 1);
        _some.Add("train/nut", "a.png", _ => 1);
        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(_some.Folder, "train"));
        Assert.Contains("labels.json", error.Message, StringComparison.Ordinal);

        var output = new StringWriter();
        var data = DataFolder.Open(_some.Folder, "train", withoutLabels: true);
        Assert.False(data.HasLabels);
        NewLabels.Write(data, _some.Folder, colors: null, output);

        Assert.Contains("2 classes, without colors and shapes", output.ToString(), StringComparison.Ordinal);
        var again = DataFolder.Open(_some.Folder, "train");
        Assert.True(again.HasLabels);
        Assert.Equal(data.Images, again.Images);
        Assert.False(NewLabels.IsSpecified(again.Labels.Colors));
    }

    [Fact]
    public void A_proposed_color_is_that_of_the_part_and_not_of_the_belt()
    {
        foreach (var (name, r, g, b) in new[] { ("cap", 210, 20, 30), ("lid", 30, 60, 220), ("nut", 235, 235, 235) })
        {
            _some.Add(name, "a.png", at => OnBelt(at, r, g, b));
        }

        _some.Add("fills-the-image", "a.png", at => (byte)(at % 3 == 1 ? 160 : 20));
        var labels = new ColorProposal(SomeData.Decoder).Propose(DataFolder.Open(_some.Folder, withoutLabels: true));
        Assert.Equal(
            [("cap", "red"), ("fills-the-image", "green"), ("lid", "blue"), ("nut", "white")],
            labels.Classes.Select(c => (c.Name, labels.Colors[c.Color])));

        static byte OnBelt(int at, int r, int g, int b)
        {
            var (x, y) = (at / 3 % SomeData.Side, at / 3 / SomeData.Side);
            var isPart = x is > 4 and < 11 && y is > 4 and < 11;
            return (byte)(isPart ? (at % 3) switch { 0 => r, 1 => g, _ => b } : 60);
        }
    }

    public void Dispose() => _some.Dispose();
}

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
    public void A_manifest_names_images_classes_and_splits()
    {
        _some.WriteLabels("bolt", "nut");
        var manifest = Path.Combine(_some.Folder, "set.csv");
        File.WriteAllText(manifest, "class,path,split\nnut,x/1.png,train\nbolt,x/2.png,train\nbolt,x/3.png,test\n");
        var data = DataFolder.Open(manifest, "train");
        Assert.Equal([(1, "1.png"), (0, "2.png")], data.Images.Select(i => (i.ClassId, Path.GetFileName(i.Path))));
        Assert.Contains(
            "no images", Assert.Throws<UserErrorException>(() => DataFolder.Open(manifest, "val")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _some.Dispose();
}

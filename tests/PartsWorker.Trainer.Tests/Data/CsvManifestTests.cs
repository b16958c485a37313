using System.Text;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class CsvManifestTests : IDisposable
{
    private readonly SomeData _some = new();

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

    [Theory]
    [InlineData("class;path;split\r\nnut;x/1.png;train\r\n")]
    [InlineData("class\tpath\tsplit\nnut\tx/1.png\ttrain\n")]
    [InlineData("\uFEFFclass,path,split\nnut,x/1.png,train\n")]
    [InlineData("sep=;\r\nClass;Path;Split\r\nnut;x/1.png;train\r\n\r\n")]
    [InlineData("\"class\",\"path\",\"split\"\n\"nut\",\"x/1.png\",\"train\"\n")]
    [InlineData("class,path,split,note\nnut,x/1.png,train,\"scratched, but good\"\n")]
    [InlineData("class;path;split\nnut;x\\1.png;train\n")]
    public void The_dialects_of_spreadsheets_name_the_same_image(string text)
    {
        _some.WriteLabels("bolt", "nut");
        var image = _some.Add("x", "1.png", _ => 1);
        var manifest = Write(text);
        Assert.Equal([new LabeledImage(image, 1)], DataFolder.Open(manifest, "train", everyClass: false).Images);
    }

    [Fact]
    public void A_decomposed_file_name_is_found_by_its_composed_spelling()
    {
        _some.WriteLabels("nut");
        var image = _some.Add("x", "Schu\u0308ssel.png", _ => 1);
        Assert.Equal(image, DataFolder.Open(Write("class,path\nnut,x/Sch\u00fcssel.png\n")).Images.Single().Path);
    }

    [Fact]
    public void A_table_in_an_old_code_page_is_refused_in_one_line()
    {
        _some.WriteLabels("nut");
        var manifest = Path.Combine(_some.Folder, "set.csv");
        File.WriteAllBytes(manifest, Encoding.Latin1.GetBytes("class,path\nSch\u00fcssel,x/1.png\n"));
        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(manifest));
        Assert.EndsWith("is not UTF-8; in Excel, save it as \"CSV UTF-8\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class,path\nnut,a.png,extra\n", "line 2 has 3 fields, the header has 2")]
    [InlineData("class,path\nnut,\"a.png\n", "line 3 is not valid CSV; look for a quote without its pair")]
    [InlineData("name,image\nnut,a.png\n", "the header needs the columns path (or file) and class")]
    [InlineData("", "the header needs the columns path (or file) and class")]
    public void A_broken_table_is_named_with_its_line(string text, string expected)
    {
        _some.WriteLabels("nut");
        var manifest = Write(text);
        var error = Assert.Throws<UserErrorException>(() => DataFolder.Open(manifest));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    public void Dispose() => _some.Dispose();

    private string Write(string text)
    {
        var manifest = Path.Combine(_some.Folder, "set.csv");
        File.WriteAllText(manifest, text);
        return manifest;
    }
}

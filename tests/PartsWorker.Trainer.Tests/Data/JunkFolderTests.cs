using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class JunkFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-junk-").FullName;

    [Fact]
    public void Images_of_all_kinds_are_found_in_a_fixed_order_and_belong_to_no_class()
    {
        foreach (var file in new[] { "hand/1.jpg", "foil/0.png", "notes.txt" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
            File.WriteAllText(Path.Combine(_folder, file), string.Empty);
        }

        var images = JunkFolder.Open(_folder);
        Assert.Equal(["foil", "hand"], images.Select(i => JunkFolder.KindOf(i.Path)));
        Assert.All(images, i => Assert.Equal(JunkFolder.NoClass, i.ClassId));
    }

    [Fact]
    public void A_folder_without_images_is_refused()
    {
        Assert.Contains("contains no images", Assert.Throws<UserErrorException>(() => JunkFolder.Open(_folder)).Message);
        Assert.Contains("no such folder", Assert.Throws<UserErrorException>(() => JunkFolder.Open(_folder + "x")).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

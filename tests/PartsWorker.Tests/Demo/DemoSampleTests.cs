using PartsWorker.Bundles.Bundle;
using PartsWorker.Demo;
using PartsWorker.Harness;

namespace PartsWorker.Tests.Demo;

public sealed class DemoSampleTests
{
    [Fact]
    public void A_second_run_publishes_the_same_references()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);

        var first = DemoSample.Of(bundle);
        var second = DemoSample.Of(ModelBundle.Open(Repository.Bundle));

        Assert.Equal(first, second);
        Assert.Equal(first.Count, first.Select(s => s.Reference.ImageId).Distinct().Count());
    }

    [Fact]
    public void Every_golden_image_of_known_class_is_a_sample()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);

        var samples = DemoSample.Of(bundle);

        Assert.Equal(bundle.ReadGolden().Images.Count, samples.Count);
        Assert.All(samples, s => Assert.Contains(bundle.Labels.Classes, c => c.Name == s.TrueClass));
        Assert.All(samples, s => Assert.True(File.Exists(new Uri(s.Reference.Uri).LocalPath)));
    }

    [Fact]
    public void Images_of_a_folder_are_samples_if_the_bundle_has_their_class_and_have_their_own_camera()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);
        var known = bundle.Labels.Classes[3].Name;
        var folder = Directory.CreateTempSubdirectory("demo");
        foreach (var (name, file) in new[] { (known, "b.jpg"), (known, "a.jpg"), ("no-such-part", "c.jpg") })
        {
            File.WriteAllText(Path.Combine(folder.CreateSubdirectory(name).FullName, file), file);
        }

        var samples = DemoSample.In(folder.FullName + "/", bundle);

        Assert.Equal(["a.jpg", "b.jpg"], samples.Select(s => Path.GetFileName(s.Reference.Uri)));
        Assert.All(samples, s => Assert.Equal(known, s.TrueClass));
        Assert.All(samples, s => Assert.Equal(DemoSample.CameraOf(bundle, folder.FullName), s.Reference.Camera));
        Assert.NotEqual(DemoSample.CameraOf(bundle), samples[0].Reference.Camera);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Two_files_with_the_same_content_are_one_sample()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);
        var folder = Directory.CreateTempSubdirectory("demo");
        var known = folder.CreateSubdirectory(bundle.Labels.Classes[3].Name);
        foreach (var (file, content) in new[] { ("a.jpg", "same"), ("b.jpg", "same"), ("c.jpg", "other") })
        {
            File.WriteAllText(Path.Combine(known.FullName, file), content);
        }

        var samples = DemoSample.In(folder.FullName, bundle);

        Assert.Equal(["a.jpg", "c.jpg"], samples.Select(s => Path.GetFileName(s.Reference.Uri)));
        folder.Delete(recursive: true);
    }
}

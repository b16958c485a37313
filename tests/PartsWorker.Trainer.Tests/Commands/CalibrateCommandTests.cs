using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Commands;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Tests.Export;

namespace PartsWorker.Trainer.Tests.Commands;

public sealed class CalibrateCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-calibrate-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Figures_of_the_detector_before_are_left_out()
    {
        var made = Assemble();
        Assert.All(BundleFigures.OfDetector, name => Assert.Contains(name, made.Manifest.Metrics));

        var calibrated = await CalibrateAsync(made);

        Assert.All(BundleFigures.OfDetector, name => Assert.DoesNotContain(name, calibrated.Manifest.Metrics));
        Assert.Contains("validationFusedTop1", calibrated.Manifest.Metrics);
        Assert.Contains("calibrationFusedTop1", calibrated.Manifest.Metrics);
    }

    [Theory]
    [InlineData(null, 0.1)]
    [InlineData("0.25", 0.25)]
    public async Task The_share_of_false_alarms_is_that_of_the_bundle_unless_given(string? given, double expected)
    {
        var made = Assemble(falseAlarms: 0.1);
        var calibrated = await CalibrateAsync(made, given is null ? [] : ["--false-alarms", given]);
        Assert.Equal(expected, calibrated.Manifest.Detector!.FalseAlarms);
    }

    [Fact]
    public async Task Junk_for_a_bundle_that_has_a_detector_is_refused()
    {
        var error = await RefusalAsync(Assemble(), "--junk", _root);
        Assert.Equal("--junk has no effect, because some@1 has an unknown detector already; remove --junk", error);
    }

    [Fact]
    public async Task A_missing_folder_of_junk_is_noticed_before_the_images_are_classified()
    {
        var made = Assemble(falseAlarms: 0);
        var missing = Path.Combine(_root, "missing");
        Assert.StartsWith(missing + ": no such folder", await RefusalAsync(made, "--junk", missing), StringComparison.Ordinal);
        Assert.StartsWith("none of ", await RefusalAsync(made), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Junk_that_cannot_be_read_is_not_left_out_silently()
    {
        var made = Assemble(falseAlarms: 0);
        var junk = Directory.CreateDirectory(Path.Combine(_root, "junk")).FullName;
        File.WriteAllText(Path.Combine(junk, "broken.jpg"), "no image");
        var error = await Assert.ThrowsAsync<UserErrorException>(() => CalibrateAsync(made, "--junk", junk));
        Assert.StartsWith("none of 1 images could be read", error.Message, StringComparison.Ordinal);
    }

    private ModelBundle Assemble(double falseAlarms = AssemblyRequest.DefaultFalseAlarms) =>
        SharedNetwork.Assemble(_root, "some", SharedNetwork.Stage(), SharedNetwork.Images, falseAlarms);

    private async Task<ModelBundle> CalibrateAsync(ModelBundle bundle, params string[] options)
    {
        await InvokeAsync(bundle, File.ReadAllBytes, options);
        return ModelBundle.Open(Path.Combine(_root, "some", "2"));
    }

    /// <summary>Why calibrate refuses; its images are damaged, which it finds when it classifies them.</summary>
    private async Task<string> RefusalAsync(ModelBundle bundle, params string[] options) =>
        (await Assert.ThrowsAsync<UserErrorException>(() => InvokeAsync(bundle, _ => [0], options))).Message;

    private Task<int> InvokeAsync(ModelBundle bundle, Func<string, byte[]> read, string[] options)
    {
        var data = Directory.CreateDirectory(Path.Combine(_root, "data")).FullName;
        LabelFile.Write(Path.Combine(data, "labels.json"), bundle.Labels);
        foreach (var image in SharedNetwork.Images)
        {
            var folder = Directory.CreateDirectory(Path.Combine(data, bundle.Labels.Classes[image.ClassId].Name)).FullName;
            File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(image.Path)), read(image.Path));
        }

        string[] words = ["calibrate", "--bundle", bundle.Directory, "--data", data, "--version-name", "2", .. options];
        return CommandLine.Create().Parse(words).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
    }
}

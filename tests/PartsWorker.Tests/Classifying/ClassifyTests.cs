using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Classifying;
using PartsWorker.Harness;
using PartsWorker.Inference;
using PartsWorker.Publishing;
using PartsWorker.Serving;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Classifying;

public sealed class ClassifyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public void Golden_images_get_their_golden_classes_and_bad_files_a_reason_each()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);
        var golden = bundle.ReadGolden().Images.Take(7).ToList();
        golden.ForEach(Copy);
        File.WriteAllText(Path.Combine(_folder, "text.jpg"), "no image");
        File.WriteAllBytes(Path.Combine(_folder, "empty.png"), []);
        var report = Classify(json: true);

        var answers = Answers();
        Assert.Equal(2, report.Failed);
        Assert.Equal(golden.Count + 2, answers.Count);
        Assert.Equal(
            "unreadable: not an image that is read (JPEG, PNG, WebP, BMP, TIFF or PNM): it begins with 6E6F20696D616765",
            answers["text.jpg"].GetProperty("error").GetString());
        Assert.Equal("unreadable: the file is empty", answers["empty.png"].GetProperty("error").GetString());
        Assert.All(golden, image =>
        {
            var best = answers[Path.GetFileName(image.Letterboxed)].GetProperty("top5")[0];
            Assert.Equal(bundle.Labels.Classes[image.ClassId].Name, best.GetProperty("class").GetString());
            Assert.Equal(image.Confidence, best.GetProperty("confidence").GetDouble(), 1e-4);
        });
        Assert.Contains("text.jpg: unreadable", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_names_model_and_device_in_its_last_line()
    {
        var bundle = ModelBundle.Open(Repository.Bundle);
        var surest = bundle.ReadGolden().Images.MaxBy(image => image.Confidence)!;
        Copy(surest);
        Classify(json: false);
        var lines = _output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Matches(
            $"{Path.GetFileName(surest.Letterboxed)} +{Regex.Escape(bundle.Labels.Classes[surest.ClassId].Name)} +[01][.][0-9]{{3}} ",
            lines[1]);
        Assert.Equal($"classified 1 image with {Repository.BundleKey} on cpu, 0 failed", lines[^1]);
    }

    [Fact]
    public void An_image_of_one_color_is_unknown()
    {
        File.WriteAllBytes(Path.Combine(_folder, "red.png"), PngFile.Encode([255, 0, 0], new(1, 1)));
        Classify(json: false);
        Assert.Matches("red.png +unknown ", _output.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The recorded network input: lossless, so that the answer does not depend on the decoder.
    private void Copy(GoldenImage image) =>
        File.Copy(Path.Combine(Repository.Bundle, "golden", image.Letterboxed), Path.Combine(_folder, Path.GetFileName(image.Letterboxed)));

    [Fact]
    public async Task Batches_run_side_by_side_and_their_answers_come_in_the_order_of_the_files()
    {
        Write(7);
        using var model = new FakeModel(maxBatch: 2) { InFlight = 2, Gate = new(0) };
        var running = Session(model).RunAsync(Files(), _ => { }, CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => model.Running == 2, TimeSpan.FromSeconds(30)));
        model.Gate.Release(100);

        Assert.Equal(7, await running);
        Assert.Equal(2, model.MostRunning);
        Assert.Equal([2, 2, 2, 1], model.BatchSizes.OrderDescending());
        Assert.Equal(
            Enumerable.Range(1, 7).Select(i => $"{i}.bin"),
            _output.ToString().TrimEnd().Split('\n').Select(line => Path.GetFileName(
                JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()!)));
    }

    [Fact]
    public async Task A_model_that_fails_ends_the_session_when_no_batch_uses_it_any_more()
    {
        Write(FakeModel.Poison + 1);
        using var model = new FakeModel(maxBatch: 1) { InFlight = 2 };
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Session(model).RunAsync(Files(), _ => { }, CancellationToken.None));
        Assert.Equal("poisoned batch", error.Message);
        Assert.Equal(0, model.Running);
    }

    private void Write(int files)
    {
        for (byte i = 1; i <= files; i++)
        {
            File.WriteAllBytes(Path.Combine(_folder, $"{i}.bin"), [i]);
        }
    }

    private PublishFile[] Files() =>
    [
        .. Directory.EnumerateFiles(_folder)
            .OrderBy(file => file.Length)
            .ThenBy(file => file, StringComparer.Ordinal)
            .Select(file => new PublishFile(file, _folder, DateTimeOffset.UnixEpoch)),
    ];

    private ClassifySession Session(FakeModel model) => new(model, new(), new ClassifyReport(_output, _errors, json: true));

    private ClassifyReport Classify(bool json)
    {
        var limits = new DecodeLimits();
        var options = new InferenceOptions { Device = ExecutionDevice.Cpu, Precision = PrecisionSetting.Fp32, MaxBatch = 3 };
        using var model = ServedModel.Load(
            Repository.Bundle, new DecoderChoice(DecoderChoice.Auto), limits, options, verify: false, NullLogger.Instance);
        var report = new ClassifyReport(_output, _errors, json);
        new ClassifySession(model, limits, report)
            .RunAsync(PublishFiles.Expand([_folder], _ => { }), _ => { }, CancellationToken.None).GetAwaiter().GetResult();
        report.Summarize(model);
        return report;
    }

    private Dictionary<string, JsonElement> Answers() => _output.ToString().Trim().Split(Environment.NewLine)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(answer => Path.GetFileName(answer.GetProperty("file").GetString()!), StringComparer.Ordinal);
}

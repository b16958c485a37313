using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Commands;
using PartsWorker.Inference;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Preprocessing;
using PartsWorker.Models;
using PartsWorker.Publishing;

namespace PartsWorker.Tests.Commands;

public sealed class ClassifyTests : IDisposable
{
    private static readonly string Bundle = Path.Combine(Root(), "models", "parts-reference", "1.0.0");
    private readonly string _folder = Directory.CreateTempSubdirectory("partsworker-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public void Golden_images_get_their_golden_classes_and_bad_files_a_reason_each()
    {
        var golden = ModelBundle.Open(Bundle).ReadGolden().Images.Where(image => image.File.EndsWith(".png", StringComparison.Ordinal) || image.TrueClass is 0 or 4).ToList();
        foreach (var image in golden)
        {
            File.Copy(Path.Combine(Bundle, "golden", image.File), Path.Combine(_folder, Path.GetFileName(image.File)));
        }

        File.WriteAllText(Path.Combine(_folder, "text.jpg"), "no image");
        File.WriteAllBytes(Path.Combine(_folder, "empty.png"), []);
        var report = Classify(json: true);

        var answers = Answers();
        Assert.Equal(2, report.Failed);
        Assert.Equal(golden.Count + 2, answers.Count);
        Assert.Equal("unreadable: not an image: neither JPEG, PNG, WebP nor BMP", answers["text.jpg"].GetProperty("error").GetString());
        Assert.Equal("unreadable: the file is empty", answers["empty.png"].GetProperty("error").GetString());
        Assert.All(golden, image => Assert.Equal(image.ClassId, answers[Path.GetFileName(image.File)].GetProperty("classId").GetInt32()));
        Assert.Contains("text.jpg: unreadable", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_names_model_and_device_in_its_last_line()
    {
        File.Copy(Path.Combine(Bundle, "golden", "images", "Anjou_006.jpg"), Path.Combine(_folder, "a.jpg"));
        Classify(json: false);
        var lines = _output.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Matches("a.jpg +Anjou +0[.]6", lines[1]);
        Assert.Equal("classified 1 images with parts-reference@1.0.0 on cpu, 0 failed", lines[^1]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ClassifyReport Classify(bool json)
    {
        var limits = new DecodeLimits();
        var options = new InferenceOptions { Device = ExecutionDevice.Cpu, MaxBatch = 3 };
        using var model = ServedModel.Load(Bundle, ImageDecoders.Create(), limits, options, verify: false, NullLogger.Instance);
        var report = new ClassifyReport(_output, _errors, json);
        new ClassifySession(model, limits, report).Run(PublishFiles.Expand([_folder], _ => { }), _ => { }, CancellationToken.None);
        report.Summarize(model);
        return report;
    }

    private Dictionary<string, JsonElement> Answers() => _output.ToString().Trim().Split(Environment.NewLine)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(answer => Path.GetFileName(answer.GetProperty("file").GetString()!), StringComparer.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests run inside the repository");
    }
}

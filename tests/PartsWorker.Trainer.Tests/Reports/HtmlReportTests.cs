using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Reports;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Reports;

public sealed class HtmlReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-report-").FullName;

    [Fact]
    public void The_JSON_has_the_documented_names_and_the_page_is_self_contained_and_shows_wrong_answers()
    {
        var image = Path.Combine(_folder, "a.png");
        File.WriteAllBytes(image, PngFile.Encode(new byte[3 * 4], new(2, 2)));
        File.WriteAllText(
            Path.Combine(_folder, "stage1.csv"),
            "step,epoch,images,seconds,loss,accuracy,learning_rate,val_loss,val_top1\n"
                + "10,1,1,1,5.5,0.1,0.1,,\n20,1,1,1,4.5,0.2,0.1,4.9,0.15\n");
        var labels = SomeData.Labels("bolt<M8>", "nut");
        var outputs = new[] { Some(image, 0), Some(image, 1) };
        var result = new Evaluator(new() { T1 = 1, Tc = 1, Ts = 1, Wc = 0, Ws = 0 }, new(), labels, [0, 1]).Evaluate("m@1", outputs);
        Assert.Contains("\"fused_top1\": 0.5,", result.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("unknown_auroc", result.ToJson(), StringComparison.Ordinal);
        Assert.Contains("\"abstention\": [", result.ToJson(), StringComparison.Ordinal);
        var file = Path.Combine(_folder, "report.html");
        HtmlReport.WriteEvaluation(file, result, labels, _folder);
        var page = File.ReadAllText(file);
        Assert.Contains("data:image/jpeg;base64,", page, StringComparison.Ordinal);
        Assert.Contains("bolt&lt;M8&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<th>images that need no person", page, StringComparison.Ordinal);
        Assert.Contains("mean confidence", page, StringComparison.Ordinal);
        Assert.Contains("polyline", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ImageOutputs Some(string path, int truth) => new()
    {
        Path = path, ClassId = truth, Embedding = [], Scores = [0.9f, 0.5f], Indices = [1, 0], ColorLogits = [0, 1], ShapeLogits = [0, 1],
    };
}

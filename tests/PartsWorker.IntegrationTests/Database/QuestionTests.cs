using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Client;
using PartsWorker.FailureRows;
using PartsWorker.Harness;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Results;

namespace PartsWorker.IntegrationTests.Database;

/// <summary>Runs each statement of migrations/README.md, section "Questions of a first day", on one small day.</summary>
public sealed class QuestionTests : IAsyncLifetime
{
    private static readonly (string Question, string[] Answer)[] Answers =
    [
        ("Parts per hour", ["(\"2026-11-20 12:00:00+00\",A,3)", "(\"2026-11-20 23:00:00+00\",B,1)"]),
        ("The last unknown parts", ["(\"2026-11-20 12:30:00+00\",A,cam-2,0.2,file:///images/3.jpg)"]),
        ("Share of each class",
            ["(A,\"blue plate\",1,0.333)", "(A,\"red plate\",1,0.333)", "(A,unknown,1,0.333)", "(B,\"red plate\",1,1.000)"]),
        ("Where two models disagree", ["(A,parts@1,\"red plate\",parts@2,\"blue plate\",1)"]),
        ("Images to train with", ["(\"low confidence\",\"blue plate\",0.5,file:///images/2.jpg)"]),
        ("Cameras that drift", ["(A,cam-1,2,0.00,1,0.50)", "(A,cam-2,1,1.00,0,)", "(B,cam-1,1,0.00,0,)"]),
        ("Seconds until", ["(A,1,1.25)", "(B,1,1.25)"]),
        ("Milliseconds that the models took", ["(worker-1,parts@1,int8,2.50,2.5)", "(worker-1,parts@2,int8,2.50,2.5)"]),
        ("What the model confuses", ["(parts@1,,\"red plate\",1)"]),
        ("What became of every image", ["(A,stored,,3)", "(A,dead,missing-image,1)", "(A,retried,missing-image,1)", "(B,stored,,1)"]),
        ("The dead letters", ["(\"2026-11-20 13:00:00+00\",A,cam-1,missing-image,\"no such file\",file:///images/dead.jpg)"]),
        ("The parts of an order", ["(\"2026-11-20 12:00:00+00\",\"red plate\",0.93,\"2026-11-20 11:59:59.75+00\")"]),
        ("Shifts by local time",
        [
            "(2026-11-20,1,\"2026-11-20 05:00:00+00\",\"2026-11-20 13:00:00+00\",A,3,1)",
            "(2026-11-20,3,\"2026-11-20 21:00:00+00\",\"2026-11-21 05:00:00+00\",B,1,0)",
        ]),
    ];

    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync($"""
            INSERT INTO models (model, name, version, bundle_sha256)
            SELECT 'parts@' || v, 'parts', v, '{new string('0', 64)}' FROM unnest(ARRAY['1', '2']) AS v;
            INSERT INTO model_classes VALUES ('parts@1', 7, 'red plate', 'red', 'plate'), ('parts@1', 8, 'blue plate', 'blue', 'plate');
            UPDATE serving SET model = 'parts@1'
            """);
        await StoreAsync();
        await FailAsync("dead", FailureStatus.Dead);
        await FailAsync("retried", FailureStatus.Retried);
        await _database.ExecuteAsync("UPDATE failures SET failed_at = '2026-11-20 13:00Z'");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Every_question_of_the_readme_has_the_answer_of_one_small_day()
    {
        var questions = await ReadAsync();

        var begins = questions.Zip(Answers).Select(pair => Begin(pair.First.Text, pair.Second.Question));
        Assert.Equal(Answers.Select(answer => answer.Question), begins);
        Assert.Equal(Answers.Length, questions.Count);
        foreach (var ((text, sql), (_, answer)) in questions.Zip(Answers))
        {
            var lines = await _database.LinesAsync($"SET TimeZone = 'UTC'; SELECT q::text FROM ({sql}) AS q");
            Assert.True(answer.SequenceEqual(lines), $"{text}\n{string.Join('\n', lines)}");
        }
    }

    private static string Begin(string text, string question) => text[..Math.Min(text.Length, question.Length)];

    private static async Task<List<(string Text, string Sql)>> ReadAsync()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "migrations", "README.md"));
        var section = page.Split("### Questions of a first day")[1].Split("\n## ")[0];
        return [.. section.Split("```sql\n").Zip(section.Split("```sql\n").Skip(1)).Select(pair =>
            (pair.First.Split("```\n")[^1].Split("\n\n")[^1].Trim(), pair.Second.Split("```")[0].Trim().TrimEnd(';')))];
    }

    private async Task StoreAsync()
    {
        var (first, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        ResultRow[] rows =
        [
            SomeResult.Row(first) with { AttributesJson = """{"order":"4711"}""" },
            SomeResult.Row(first, model: "parts@2", className: "blue plate") with { Shadow = true },
            SomeResult.Row(capturedAt: SomeResult.Noon.AddMinutes(15), className: "blue plate") with
            {
                Uri = "file:///images/2.jpg", Confidence = 0.5f,
            },
            SomeResult.Unknown(unknown) with
            {
                CapturedAt = SomeResult.Noon.AddMinutes(30), Camera = "cam-2", Uri = "file:///images/3.jpg",
            },
            SomeResult.Row(capturedAt: SomeResult.Noon.AddMinutes(690)) with { Line = "B" },
            SomeResult.Row(capturedAt: SomeResult.Noon.AddDays(-2)),
        ];
        var writer = new ResultWriter(_database.Source, new ResultsOptions(), TimeProvider.System, NullLogger<ResultWriter>.Instance);
        var published = rows.Select(row => row with
        {
            PublishedAt = row.CapturedAt.AddMilliseconds(-250), ReceivedAt = row.CapturedAt, Precision = "int8",
            ModelTime = TimeSpan.FromMilliseconds(2.5),
        });
        Assert.Empty(await writer.WriteAsync([.. published], CancellationToken.None));
        await _database.ExecuteAsync($"""
            INSERT INTO reviews (image_id, class) VALUES ('{unknown}', 'red plate');
            UPDATE classifications SET classified_at = captured_at + interval '1 second'
            """);
    }

    private Task<int> FailAsync(string name, FailureStatus status)
    {
        var reference = new ImageReference
        {
            ImageId = Guid.NewGuid(), Uri = $"file:///images/{name}.jpg", Line = "A", Camera = "cam-1", CapturedAt = SomeResult.Noon,
        };
        var row = FailureRow.Of(ImageReferenceCodec.Encode(reference), null, null, null, "image.live.A.cam-1", Lane.Live, status) with
        {
            Reason = "missing-image", Stage = "load", Error = "no such file", Attempts = 1,
        };
        var table = new FailureTable(_database.Source, "parts", TimeProvider.System);
        return table.WriteAsync([row], failedBefore: null, CancellationToken.None);
    }
}

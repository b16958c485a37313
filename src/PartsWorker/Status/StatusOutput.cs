using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using PartsWorker.Terminal;

namespace PartsWorker.Status;

/// <summary>Prints the status for people, or as one JSON object.</summary>
internal static class StatusOutput
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true,
    };

    public static string ToJson(StatusReport report) => JsonSerializer.Serialize(
        new
        {
            ok = report.Problems.Count == 0, report.Broker, report.Queues, report.Database, report.Model, report.Workers, report.LastMinute,
            report.DeadLetters, report.Roots, report.Problems,
        },
        Json);

    /// <param name="report">What was found.</param>
    /// <param name="now">For ages.</param>
    /// <returns>Lines without control characters.</returns>
    public static IEnumerable<string> ToLines(StatusReport report, DateTimeOffset now)
    {
        yield return Line("broker", report.Broker ?? "unknown");
        foreach (var queue in report.Queues ?? [])
        {
            var oldest = queue.OldestSeconds is { } age ? $", for at most {Age(TimeSpan.FromSeconds(age))}" : "";
            yield return Line("queue", $"{queue.Queue,-20} {queue.Waiting,8} waiting, {Counted.Of(queue.Consumers, "consumer")}{oldest}");
        }

        yield return Line("database", report.Database is { } database
            ? $"{database.Address}, PostgreSQL {database.Version}, schema {Schema(database)}"
            : "unknown");
        yield return Line("model", report.Model is { } model ? Model(model) : "unknown");
        yield return Line("workers", report.Workers switch
        {
            null => "unknown",
            [] => "none has stored anything in the last five minutes",
            var workers => string.Join("; ", workers.Select(worker =>
                $"{worker.Worker} stored {worker.StoredLastMinute} in the last minute, the last one {Age(now - worker.LastStored)} ago")),
        });
        yield return Line("last minute", report.LastMinute is { } minute
            ? $"{minute.Stored} stored, {minute.Retried} retried, {minute.Dead} dead" : "unknown");
        yield return Line("dead letters", report.DeadLetters is { } dead
            ? dead.Count == 0 ? "none" : string.Join(", ", dead.Select(reason => $"{reason.Value} {reason.Key}")) : "unknown");
        foreach (var (root, readable) in report.Roots)
        {
            yield return Line("root", $"{root}: {(readable ? "readable" : "not readable")}");
        }

        foreach (var problem in report.Problems)
        {
            yield return Line("PROBLEM", problem);
        }
    }

    private static string Schema(DatabaseStatus database) =>
        database.Schema is { } schema ? $"V{schema:D3} (this program: V{database.ProgramSchema:D3})" : "unknown";

    private static string Model(ModelStatus model)
    {
        var active = model.Active is null
            ? "none is active: each worker serves its Model:Bundle"
            : string.Create(CultureInfo.InvariantCulture, $"{model.Active}, active since {model.ActiveSince:yyyy-MM-dd HH:mm:ss}Z");
        return model.Shadow is null
            ? active
            : string.Create(CultureInfo.InvariantCulture, $"{active}; shadow {model.Shadow} on {model.ShadowShare:P0} of live images");
    }

    private static string Age(TimeSpan age) =>
        age.TotalHours >= 48 ? $"{age.TotalDays:0} d"
        : age.TotalMinutes >= 120 ? $"{age.TotalHours:0} h"
        : age.TotalSeconds >= 120 ? $"{age.TotalMinutes:0} min"
        : $"{Math.Max(0, age.TotalSeconds):0} s";

    private static string Line(string name, string text) =>
        $"{name,-12} {string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))}";
}

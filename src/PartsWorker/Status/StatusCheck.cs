using Microsoft.Extensions.Configuration;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.References;

namespace PartsWorker.Status;

/// <summary>Asks broker, database and file system at the same time; what is away becomes a problem of one line.</summary>
internal sealed class StatusCheck(IConfiguration configuration)
{
    private readonly List<string> _problems = [];

    public async Task<StatusReport> RunAsync(CancellationToken cancellation)
    {
        var (asking, answering) = (AskBrokerAsync(cancellation), AskDatabaseAsync(cancellation));
        var roots = LookAtRoots();
        var (broker, answers) = (await asking, await answering);
        var queues = broker?.Queues.Select(queue => queue with { OldestSeconds = OldestOf(queue, answers) }).ToArray();
        return new StatusReport(
            broker?.Broker, queues, answers?.Database, answers?.Model, answers?.Workers, answers?.LastMinute, answers?.DeadLetters, roots,
            _problems);
    }

    private async Task<(string Broker, List<QueueStatus> Queues)?> AskBrokerAsync(CancellationToken cancellation)
    {
        try
        {
            return await BrokerCheck.AskAsync(RabbitSettings.From(configuration), Add, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Add($"broker: {error.Message}");
            return null;
        }
    }

    private async Task<DatabaseAnswers?> AskDatabaseAsync(CancellationToken cancellation)
    {
        try
        {
            await using var source = PostgresSource.Open(configuration, "partsworker status");
            var answers = new DatabaseAnswers(source, configuration["Rabbit:Prefix"] ?? new RabbitOptions().Prefix, Add);
            await answers.AskAsync(cancellation);
            return answers;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Add($"database: {error.Message}");
            return null;
        }
    }

    private SortedDictionary<string, bool> LookAtRoots()
    {
        SortedDictionary<string, bool> roots = new(StringComparer.Ordinal);
        foreach (var root in configuration.GetSection(ImageOptions.Section).Get<ImageOptions>()?.Roots ?? [])
        {
            roots[root] = CanRead(root);
            if (!roots[root])
            {
                Add($"Images:Roots {root}: does not exist here, or this user may not read it");
            }
        }

        return roots;
    }

    private static bool CanRead(string folder)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            entries.MoveNext();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The broker gives no age of a quorum queue without delivering the message.
    private double? OldestOf(QueueStatus queue, DatabaseAnswers? answers) =>
        queue.Waiting > 0 && queue.Queue == new PartsTopology(RabbitSettings.From(configuration).Prefix).LiveQueue
            ? answers?.NewestReceivedSeconds
            : null;

    private void Add(string problem)
    {
        lock (_problems)
        {
            var line = problem.ReplaceLineEndings(" ");
            if (!_problems.Contains(line))
            {
                _problems.Add(line);
            }
        }
    }
}

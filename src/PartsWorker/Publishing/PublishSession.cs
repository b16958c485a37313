using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Terminal;

namespace PartsWorker.Publishing;

/// <summary>One call of <c>publish</c>: directly to the broker, through a spool, or watching folders.</summary>
internal sealed class PublishSession(Settings settings, PublishRequest request, string? spool, bool json)
{
    private readonly PublishReport _report = new(Console.Out, Console.Error, json);
    private readonly List<string> _skippedLines = [];
    private int _skipped;

    public async Task<int> OnceAsync(CancellationToken ct)
    {
        if (request.Paths.Count == 0 && spool is null)
        {
            throw new UserErrorException("publish: no files, folders or globs are given (see partsworker publish --help)");
        }

        if (request.Paths.Count > 0)
        {
            RequireLineAndCamera();
        }

        var search = new PublishFiles(request.Filter, problem => _report.Fail("publish", problem), new SkippedFiles(_skippedLines.Add).Add);
        var files = search.FindAll(request.Paths);
        _skipped = search.Skipped;
        var options = RabbitSettings.From(settings.Load()).Publisher("publish");
        try
        {
            return spool is null
                ? await PublishDirectlyAsync(files, options, ct)
                : await PublishThroughSpoolAsync(files, options, ct);
        }
        catch (OperationCanceledException error) when (ct.IsCancellationRequested)
        {
            throw new UserErrorException(
                $"publish: stopped after {_report.Published} of {Counted.Of(files.Count, "image")}", exitCode: 1, error);
        }
    }

    public async Task<int> WatchAsync(CancellationToken ct)
    {
        RequireLineAndCamera();
        if (spool is null)
        {
            throw new UserErrorException(
                "publish --watch requires --spool FOLDER: it keeps unsent references and the list of published files");
        }

        if (request.Paths.Count == 0)
        {
            throw new UserErrorException("publish --watch requires at least one folder");
        }

        // A folder that does not exist may be a share that is mounted later.
        if (request.Paths.FirstOrDefault(p => !Directory.Exists(p) && (File.Exists(p) || p.Contains('*'))) is { } other)
        {
            throw new UserErrorException($"publish --watch watches folders; '{other}' is not a folder");
        }

        await using var publisher = Open(RabbitSettings.From(settings.Load()).Publisher("publish --watch"));
        using var memory = new WatchMemory(Path.Combine(spool, "watch"), _report.Notice);
        using var watch = new FolderWatch(request, memory, publisher.PublishAsync, _report, TimeProvider.System, () => publisher.Pending);
        _report.Notice($"watching {string.Join(", ", request.Paths)}; stop with Ctrl-C");
        await watch.RunAsync(ct);
        _report.Summarize(watch.Skipped, publisher.Pending > 0 ? $"; {Counted.Of(publisher.Pending, "reference")} left in {spool}" : "");
        return 0;
    }

    private async Task<int> PublishDirectlyAsync(IReadOnlyList<PublishFile> files, PublisherOptions options, CancellationToken ct)
    {
        await using var publisher = await PartsPublisher.ConnectAsync(options, ct);
        var ended = await RunAsync(files, publisher.PublishAsync, ct);
        if (ended is not null)
        {
            _report.Notice(
                $"stopped after {_report.Published} of {Counted.Of(files.Count, "image")}: run the same command again "
                + "(unchanged files keep their imageIds), or use --spool");
        }

        Summarize();
        return _report.Failed == 0 ? 0 : 1;
    }

    private async Task<int> PublishThroughSpoolAsync(IReadOnlyList<PublishFile> files, PublisherOptions options, CancellationToken ct)
    {
        await using var publisher = Open(options);
        var earlier = publisher.Pending;
        _ = await RunAsync(files, publisher.PublishAsync, ct);
        try
        {
            await ProgressBar.RunAsync("sending", publisher.Pending, json, advance => FlushAsync(publisher, advance, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _report.Notice(
                $"{Counted.Of(publisher.Pending, "reference")} left in {spool}; to send them: partsworker publish --spool {spool}");
        }

        var sent = earlier > 0 ? $"; {Counted.Of(earlier, "reference")} of earlier runs sent first" : "";
        Summarize($"{(publisher.Pending == 0 ? sent : "")}; {Counted.Of(publisher.Pending, "reference")} left in {spool}");
        return _report.Failed == 0 && publisher.Pending == 0 ? 0 : 1;
    }

    private static async Task<bool> FlushAsync(SpooledPublisher publisher, Action<long> advance, CancellationToken ct)
    {
        var flushing = publisher.FlushAsync(ct);
        for (var pending = publisher.Pending; !flushing.IsCompleted;)
        {
            await Task.WhenAny(flushing, Task.Delay(TimeSpan.FromMilliseconds(200), ct));
            var left = publisher.Pending;
            advance(pending - left);
            pending = left;
        }

        await flushing;
        return true;
    }

    private Task<string?> RunAsync(
        IReadOnlyList<PublishFile> files, Func<ImageReference, Lane, CancellationToken, Task> publish, CancellationToken ct)
    {
        var run = new PublishRun(request, publish, _report);
        return ProgressBar.RunAsync("publishing", files.Count, json, advance => run.RunAsync(files, () => advance(1), ct));
    }

    private void Summarize(string afterwards = "")
    {
        _skippedLines.ForEach(_report.Notice);
        _report.Summarize(_skipped, afterwards);
    }

    private SpooledPublisher Open(PublisherOptions options) =>
        SpooledPublisher.Open(new SpoolOptions { Directory = spool!, Notice = _report.Notice }, options);

    private void RequireLineAndCamera()
    {
        foreach (var (option, value) in new[] { ("--line", request.Line), ("--camera", request.Camera) })
        {
            if (value.Length is 0 or > 64 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                throw new UserErrorException($"publish: {option} is required: 1 to 64 characters of A-Z a-z 0-9 _ -");
            }
        }
    }
}

using System.CommandLine;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Observability;
using PartsWorker.Publishing;

namespace PartsWorker.Commands;

/// <summary><c>partsworker publish</c>: publishes references to given files, or to the files that a camera writes into a folder.</summary>
internal static class PublishCommand
{
    private const string Notes = """
        Examples:
          partsworker publish /data/line-a/cam-3 --line A --camera cam-3
          partsworker publish 'images/*.jpg' --line A --camera cam-3 --base-uri s3://parts/images
          partsworker publish /srv/ftp/cam-3 --line A --camera cam-3 --watch --spool /var/lib/partsworker/cam-3
          partsworker publish /mnt/cam-3 --line A --camera cam-3 --watch --spool spool --settle 10 --exclude thumbs --exclude '*_small.*'
          partsworker publish --spool /var/lib/partsworker/cam-3        (sends the references that an earlier run left on disk)

        Publishing an unchanged file again keeps its imageId and adds no row. The capture time is the file's modification time.
        Helper folders of storage systems (@eaDir, #recycle, lost+found, ...), hidden names and unfinished uploads (*.part, *.tmp, ...) are
        left out. --watch publishes a file when it has not changed for --settle seconds, no process has it open for writing and its end is
        there (JPEG, PNG, WebP, BMP, TIFF, PNM); without its end after a minute more. A new modification time or a new name of a file does
        not publish it again; new content does. If the folder is not there, --watch waits for it.
        """;

    public static Command Create(Settings settings)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Files, folders (with all images below them) and globs.", Arity = ArgumentArity.ZeroOrMore,
        };
        var line = new Option<string>("--line") { Description = "Production line: 1 to 64 characters of A-Z a-z 0-9 _ -" };
        var camera = new Option<string>("--camera") { Description = "Camera: 1 to 64 characters of A-Z a-z 0-9 _ -" };
        var lane = new Option<Lane>("--lane") { Description = "live or reprocess.", DefaultValueFactory = _ => Lane.Live };
        var baseUri = new Option<string?>("--base-uri")
        {
            Description = "URI of the folder for workers that cannot read it as a local file: s3://bucket/prefix or https://host/path.",
        };
        var spool = new Option<string?>("--spool")
        {
            Description = "Folder that keeps references on disk while the broker is unavailable or this process is stopped.",
        };
        var watch = new Option<bool>("--watch")
        {
            Description = "Watch the folders until stopped and publish each finished file once; requires --spool.",
        };
        var settle = new Option<double>("--settle")
        {
            Description = "Seconds without a change before --watch takes a file as finished, 0.2 to 3600. Raise it for slow uploads.",
            DefaultValueFactory = _ => PublishRequest.DefaultSettle.TotalSeconds,
        };
        var exclude = new Option<string[]>("--exclude")
        {
            Description = "Leave out files and folders of this name (* and ?), or with '/' of this path below the folder; repeatable.",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per file." };
        var command = new DocumentedCommand("publish", "Publish references to images.", Notes)
        {
            paths, line, camera, lane, baseUri, spool, watch, settle, exclude, json,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var telemetry = Telemetry.Start("partsworker publish");
            var request = new PublishRequest(
                arguments.GetValue(paths) ?? [], arguments.GetValue(line) ?? "", arguments.GetValue(camera) ?? "", arguments.GetValue(lane),
                ParseBaseUri(arguments.GetValue(baseUri)))
            {
                Filter = new FileFilter(arguments.GetValue(exclude) ?? []), Settle = ParseSettle(arguments.GetValue(settle)),
            };
            var run = new PublishSession(settings, request, arguments.GetValue(spool), arguments.GetValue(json));
            return await (arguments.GetValue(watch) ? run.WatchAsync(cancellationToken) : run.OnceAsync(cancellationToken));
        });
        return command;
    }

    private static TimeSpan ParseSettle(double seconds) => seconds is >= 0.2 and <= 3600
        ? TimeSpan.FromSeconds(seconds)
        : throw new UserErrorException($"--settle {seconds} must be 0.2 to 3600 seconds");

    private static Uri? ParseBaseUri(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "s3" or "http" or "https" or "file" ? uri
        : throw new UserErrorException($"--base-uri '{text}' must begin with s3://, https://, http:// or file://");
}

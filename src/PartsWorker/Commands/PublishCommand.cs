using System.CommandLine;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Observability;
using PartsWorker.Publishing;

namespace PartsWorker.Commands;

/// <summary><c>partsworker publish</c>: images from files, folders and globs, or from a folder that a camera writes into.</summary>
internal static class PublishCommand
{
    private const string Help = """
        Publish references to images.
          partsworker publish /data/line-a/cam-3 --line A --camera cam-3
          partsworker publish 'shots/*.jpg' --line A --camera cam-3 --base-uri s3://parts/shots
          partsworker publish /srv/ftp/cam-3 --line A --camera cam-3 --watch --spool /var/lib/partsworker/cam-3
          partsworker publish --spool /var/lib/partsworker/cam-3        (send what an earlier run left on disk)
        Publishing the same unchanged file again keeps its imageId and adds no row. The time of capture is the file's time of change.
        """;

    public static Command Create(Settings settings)
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Files, folders (images below them) and globs.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var line = new Option<string>("--line") { Description = "Production line: 1 to 64 of A-Z a-z 0-9 _ -" };
        var camera = new Option<string>("--camera") { Description = "Camera: 1 to 64 of A-Z a-z 0-9 _ -" };
        var lane = new Option<Lane>("--lane") { Description = "live or reprocess.", DefaultValueFactory = _ => Lane.Live };
        var baseUri = new Option<string?>("--base-uri")
        {
            Description = "How workers see the named folder, when not as the same local file: s3://bucket/prefix or https://host/path.",
        };
        var spool = new Option<string?>("--spool")
        {
            Description = "Folder to keep references in while the broker is away; survives kills.",
        };
        var watch = new Option<bool>("--watch")
        {
            Description = "Follow the folders until stopped, publishing each finished file once; needs --spool.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object per file." };
        var command = new Command("publish", Help) { paths, line, camera, lane, baseUri, spool, watch, json };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var telemetry = Telemetry.Start("partsworker publish");
            var request = new PublishRequest(
                arguments.GetValue(paths) ?? [], arguments.GetValue(line) ?? "", arguments.GetValue(camera) ?? "",
                arguments.GetValue(lane), Base(arguments.GetValue(baseUri)));
            var run = new PublishSession(settings, request, arguments.GetValue(spool), arguments.GetValue(json));
            return await (arguments.GetValue(watch) ? run.WatchAsync(cancellationToken) : run.OnceAsync(cancellationToken));
        });
        return command;
    }

    private static Uri? Base(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "s3" or "http" or "https" or "file" ? uri
        : throw new UserErrorException($"--base-uri '{text}' must begin with s3://, https://, http:// or file://");
}

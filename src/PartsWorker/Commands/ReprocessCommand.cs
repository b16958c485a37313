using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Reprocessing;

namespace PartsWorker.Commands;

/// <summary><c>partsworker reprocess</c>: classifies the images of a time window again with another model.</summary>
internal static class ReprocessCommand
{
    private static readonly Option<DateTimeOffset> From = TimeOption.Create("--from", "Start of the time window");
    private static readonly Option<DateTimeOffset> To = TimeOption.Create("--to", "End of the time window, not included");
    private static readonly Option<string> Model = new("--model")
    {
        Description = "Key of a registered model, name@version, or 'active'.", Required = true,
    };

    private static readonly Option<string> Line = new("--line") { Description = "Only this production line." };
    private static readonly Option<string> Camera = new("--camera") { Description = "Only this camera." };
    private static readonly Option<string> Class = new("--class") { Description = "Only images whose current class is this." };
    private static readonly Option<float?> MaxConfidence = new("--max-confidence")
    {
        Description = "Only images whose current confidence is at most this, 0 to 1.",
    };

    private static readonly Option<string> Decision = new("--decision") { Description = "Only images whose current decision is this." };
    private static readonly Option<long?> Limit = new("--limit") { Description = "Most images to publish, oldest first." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only count the images; publish nothing." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Return only when every published image is classified." };

    public static Command Create(Settings settings)
    {
        Decision.AcceptOnlyFromAmong("accepted", "unknown");
        var command = new DocumentedCommand(
            "reprocess",
            "Classify the images of a time window again with another model.",
            """
            Example:
              partsworker reprocess --from 2026-11-20 --to 2026-11-21 --model parts@2.0.0 --decision unknown --wait

            Leaves out images that the model has already classified, and images that are stored after the start. If a run is stopped, the
            same command continues it. If no new row appears for Reprocess:Patience (10 min), the run ends as incomplete, and the same
            command publishes the images without a row again.
            """)
        {
            From, To, Model, Line, Camera, Class, MaxConfidence, Decision, Limit, DryRun, Wait,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var session = new ReprocessSession(settings, Request(arguments), arguments.GetValue(Wait));
            return session.RunAsync(arguments.GetValue(DryRun), cancellationToken);
        });
        return command;
    }

    private static ReprocessRequest Request(ParseResult arguments)
    {
        var filter = new ReprocessFilter
        {
            Line = arguments.GetValue(Line),
            Camera = arguments.GetValue(Camera),
            Class = arguments.GetValue(Class),
            MaxConfidence = arguments.GetValue(MaxConfidence),
            Decision = arguments.GetValue(Decision),
            Limit = arguments.GetValue(Limit),
        };
        var request = new ReprocessRequest(arguments.GetRequiredValue(Model), arguments.GetValue(From), arguments.GetValue(To), filter);
        return request.From >= request.To ? throw new UserErrorException("--from must be before --to")
            : filter.MaxConfidence is not (null or (>= 0 and <= 1)) ? throw new UserErrorException("--max-confidence must be 0 to 1")
            : filter.Limit is <= 0 ? throw new UserErrorException("--limit must be at least 1")
            : request;
    }
}

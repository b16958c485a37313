using System.CommandLine;
using PartsWorker.Configuration;
using PartsWorker.Reprocessing;

namespace PartsWorker.Commands;

/// <summary><c>partsworker reprocess</c>: judge a window again with another model.</summary>
internal static class ReprocessCommand
{
    private static readonly Option<DateTimeOffset> From = MomentOption.Create("--from", "First moment of the window");
    private static readonly Option<DateTimeOffset> To = MomentOption.Create("--to", "End of the window, not included");
    private static readonly Option<string> Model = new("--model")
    {
        Description = "Key of a registered model, name@version, or 'active'.",
        Required = true,
    };
    private static readonly Option<string> Line = new("--line") { Description = "Only this production line." };
    private static readonly Option<string> Camera = new("--camera") { Description = "Only this camera." };
    private static readonly Option<string> Class = new("--class") { Description = "Only images whose current class is this." };
    private static readonly Option<float?> MaxConfidence = new("--max-confidence")
    {
        Description = "Only images judged with at most this confidence, 0 to 1.",
    };
    private static readonly Option<string> Decision = new("--decision") { Description = "Only images judged accepted, or unknown." };
    private static readonly Option<long?> Limit = new("--limit") { Description = "At most so many images, oldest first." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say how many images that is and publish nothing." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Return only when everything published is judged." };

    public static Command Create(Settings settings)
    {
        Decision.AcceptOnlyFromAmong("accepted", "unknown");
        var command = new Command(
            "reprocess",
            """
            Classify images of a window again that a model has not classified yet. A run that was killed continues where it stopped
            when the same command is given again.

            Example: partsworker reprocess --from 2026-11-20 --to 2026-11-21 --model parts@2 --decision unknown --wait
            """)
        {
            From, To, Model, Line, Camera, Class, MaxConfidence, Decision, Limit, DryRun, Wait,
        };
        command.SetAction((arguments, cancellationToken) =>
            new ReprocessSession(settings, Request(arguments), arguments.GetValue(Wait))
                .RunAsync(arguments.GetValue(DryRun), cancellationToken));
        return command;
    }

    private static ReprocessRequest Request(ParseResult arguments)
    {
        var request = new ReprocessRequest(
            arguments.GetRequiredValue(Model), arguments.GetValue(From), arguments.GetValue(To), new ReprocessFilter
        {
            Line = arguments.GetValue(Line),
            Camera = arguments.GetValue(Camera),
            Class = arguments.GetValue(Class),
            MaxConfidence = arguments.GetValue(MaxConfidence),
            Decision = arguments.GetValue(Decision),
            Limit = arguments.GetValue(Limit),
        });
        return request.From >= request.To ? throw new UserErrorException("--from must be before --to")
            : request.Filter.MaxConfidence is not (null or (>= 0 and <= 1))
                ? throw new UserErrorException("--max-confidence must be 0 to 1")
            : request.Filter.Limit is <= 0 ? throw new UserErrorException("--limit must be at least 1")
            : request;
    }
}

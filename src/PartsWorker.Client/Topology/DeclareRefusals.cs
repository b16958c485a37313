using System.Text.RegularExpressions;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client;

/// <summary>Turns the broker's refusal of a declaration into one line with the remedy.</summary>
internal static partial class DeclareRefusals
{
    private const int AccessRefused = 403;
    private const int NotFound = 404;
    private const int PreconditionFailed = 406;

    /// <exception cref="RabbitConnectionException">
    /// The queue or exchange exists with other arguments (<see cref="RabbitConnectionException.IsConflict"/>), or the user may not declare.
    /// </exception>
    public static async Task ExplainAsync(Func<Task> declare)
    {
        try
        {
            await declare();
        }
        catch (OperationInterruptedException error) when (Explain(error) is not null)
        {
            throw Explain(error)!;
        }
    }

    /// <summary>Whether the broker answered that there is no such queue or exchange.</summary>
    public static bool IsMissing(OperationInterruptedException error) => error.ShutdownReason?.ReplyCode == NotFound;

    /// <returns>Null for any other refusal.</returns>
    public static RabbitConnectionException? Explain(OperationInterruptedException error)
    {
        var text = error.ShutdownReason?.ReplyText ?? "";
        return error.ShutdownReason?.ReplyCode switch
        {
            PreconditionFailed when Difference(text) is { } difference => new RabbitConnectionException(
                $"{difference}: stop the workers and run `partsworker queues migrate`, which keeps the messages", inner: error)
            {
                IsConflict = true,
            },
            AccessRefused => new RabbitConnectionException(
                $"the RabbitMQ user may not declare queues and exchanges ({text}): let a user who may declare them once, "
                + "and set Rabbit:Declare=false here",
                inner: error),
            _ => null,
        };
    }

    /// <summary>What the broker has and what is needed, from its text; null for another text.</summary>
    internal static string? Difference(string replyText)
    {
        var match = Inequivalent().Match(replyText);
        return match.Success
            ? $"{match.Groups["kind"].Value} '{match.Groups["name"].Value}' exists with {match.Groups["argument"].Value} "
                + $"{Value(match.Groups["found"].Value)}, but {Value(match.Groups["needed"].Value)} is needed"
            : null;
    }

    // the value '5' of type 'signedint' -> 5; 'topic' -> topic; none -> none
    private static string Value(string text) => Quoted().Match(text) is { Success: true } quoted ? quoted.Groups["value"].Value : text;

    [GeneratedRegex(
        "inequivalent arg '(?<argument>[^']*)' for (?<kind>queue|exchange) '(?<name>[^']*)' in vhost '[^']*': "
        + "received (?<needed>.+) but current is (?<found>.+)$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inequivalent();

    [GeneratedRegex("'(?<value>[^']*)'", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}

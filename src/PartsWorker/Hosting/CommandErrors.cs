using Npgsql;
using PartsWorker.Client;
using PartsWorker.Database;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Hosting;

/// <summary>One line for errors of files, database and broker in any command; null for a bug, whose stack trace is needed.</summary>
internal static class CommandErrors
{
    public static string? Explain(Exception error) => StartErrors.Explain(error) ?? error switch
    {
        PublishFailedException or SpoolException or IOException or UnauthorizedAccessException => error.Message,
        NpgsqlException => PostgresFaults.Describe(error),
        OperationInterruptedException closed =>
            $"RabbitMQ closed the connection or the channel: {closed.ShutdownReason?.ReplyText ?? closed.Message}; "
            + "check the broker, and run the command again",
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}

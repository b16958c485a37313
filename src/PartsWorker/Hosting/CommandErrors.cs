using Npgsql;
using PartsWorker.Client;
using PartsWorker.Database;

namespace PartsWorker.Hosting;

/// <summary>One line for what files, database or broker do to any command; null for a fault of the program itself, whose trace is wanted.</summary>
internal static class CommandErrors
{
    public static string? Explain(Exception error) => StartErrors.Explain(error) ?? error switch
    {
        PublishFailedException or SpoolException or IOException or UnauthorizedAccessException => error.Message,
        NpgsqlException => PostgresFaults.Describe(error),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}

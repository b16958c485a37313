using System.Text.Json;
using PartsWorker.Harness.Services;

namespace PartsWorker.Bench.Measured;

/// <summary>RabbitMQ's management API at the address in the environment.</summary>
internal static class ManagementApi
{
    /// <summary>Asks one question.</summary>
    /// <returns>Null if the variable is not set.</returns>
    /// <exception cref="BenchException">The address is wrong, or nothing answers there; one line that names the variable.</exception>
    public static async Task<T?> AskAsync<T>(Func<RabbitManagement, Task<T>> question, CancellationToken cancellation)
        where T : class
    {
        try
        {
            if (RunningServices.Management is not { } address)
            {
                return null;
            }

            using var management = new RabbitManagement(address);
            return await question(management);
        }
        catch (Exception error) when (IsFailure(error) && !cancellation.IsCancellationRequested)
        {
            throw new BenchException(
                $"PARTS_RABBIT_MANAGEMENT: RabbitMQ's management API does not answer at this address: {error.Message.TrimEnd('.')}; "
                + "eval \"$(deploy/services.sh env)\" sets it");
        }
    }

    // A timeout of the HTTP client is a cancellation.
    private static bool IsFailure(Exception error) => error is HttpRequestException or OperationCanceledException or TimeoutException
        or JsonException or FormatException or ArgumentException or NotSupportedException;
}

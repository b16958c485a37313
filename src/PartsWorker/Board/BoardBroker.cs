using Microsoft.Extensions.Configuration;
using PartsWorker.Configuration;

namespace PartsWorker.Board;

/// <summary>The message broker, which only the pages Reprocessing and Dead letters need; the board starts without it.</summary>
internal sealed class BoardBroker
{
    public BoardBroker(IConfiguration configuration)
    {
        try
        {
            Settings = RabbitSettings.From(configuration);
        }
        catch (UserErrorException error)
        {
            Problem = $"This needs the message broker. {error.Message}.";
        }
    }

    public RabbitSettings? Settings { get; }

    /// <summary>Which setting is missing or wrong; null when the broker is configured.</summary>
    public string? Problem { get; }

    /// <exception cref="UserErrorException">The broker is not configured.</exception>
    public RabbitSettings Require() => Settings ?? throw new UserErrorException(Problem!);
}

using Microsoft.Extensions.Configuration;
using PartsWorker.Client;

namespace PartsWorker.Configuration;

/// <summary>The section <c>Rabbit</c> and the connection string, as the short-lived commands need them.</summary>
internal sealed record RabbitSettings(string ConnectionString, RabbitConnectionOptions Connection, string Prefix)
{
    /// <summary>Whether to declare exchanges and queues on connecting.</summary>
    public bool Declare { get; init; } = true;

    public static RabbitSettings From(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("RabbitMq");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UserErrorException(
                "ConnectionStrings:RabbitMq is not set; example: ConnectionStrings__RabbitMq=amqp://user:password@host:5672/");
        }

        try
        {
            var options = CommandOptions.Read<RabbitOptions>(configuration, RabbitOptions.Section);
            var settings = new RabbitSettings(text, options.Connection, options.Prefix) { Declare = options.Declare };
            _ = new PartsTopology(settings.Prefix);
            _ = RabbitConnections.Factory(text, settings.Connection);
            return settings;
        }
        catch (Exception error) when (error is ArgumentException or RabbitConnectionException)
        {
            throw new UserErrorException(error.Message, inner: error);
        }
    }

    public PublisherOptions Publisher(string command) => new()
    {
        ConnectionString = ConnectionString,
        Connection = Connection,
        Prefix = Prefix,
        Declare = Declare,
        ClientName = $"partsworker {command} on {Environment.MachineName}",
    };
}

namespace PartsWorker.Harness.Services;

/// <summary>The RabbitMQ and the PostgreSQL that the environment names, as <c>deploy/services.sh env</c> prints them.</summary>
internal static class RunningServices
{
    /// <exception cref="InvalidOperationException">The variable is not set.</exception>
    public static string RabbitMq => Required("ConnectionStrings__RabbitMq");

    /// <exception cref="InvalidOperationException">The variable is not set.</exception>
    public static string Postgres => Required("ConnectionStrings__Postgres");

    /// <summary>Base address of RabbitMQ's management API with user and password; null if it is not set.</summary>
    public static Uri? Management =>
        Environment.GetEnvironmentVariable("PARTS_RABBIT_MANAGEMENT") is { Length: > 0 } address ? new Uri(address) : null;

    /// <summary>Port of RabbitMQ's MQTT plugin; null if the plugin is not running.</summary>
    public static int? MqttPort => int.TryParse(Environment.GetEnvironmentVariable("PARTS_MQTT_PORT"), out var port) ? port : null;

    /// <summary>Port of a PgBouncer in transaction mode before the same PostgreSQL; null if none is running.</summary>
    public static int? PgBouncerPort =>
        int.TryParse(Environment.GetEnvironmentVariable("PARTS_PGBOUNCER_PORT"), out var port) ? port : null;

    public static int RabbitMqPort => new Uri(RabbitMq).Port;

    /// <summary>The same broker and user through another port of this machine.</summary>
    public static string RabbitMqThrough(int port) => new UriBuilder(RabbitMq) { Host = "127.0.0.1", Port = port }.Uri.AbsoluteUri;

    private static string Required(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run deploy/services.sh up, then eval \"$(deploy/services.sh env)\"");
}

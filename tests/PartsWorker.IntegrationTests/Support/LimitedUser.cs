using System.Text.RegularExpressions;
using PartsWorker.Harness.Services;
using PartsWorker.IntegrationTests.Publishing;

namespace PartsWorker.IntegrationTests.Support;

/// <summary>A user of the broker with some rights only.</summary>
internal sealed class LimitedUser(RabbitManagement management, string name, string password) : IAsyncDisposable
{
    public string Address => new UriBuilder(RunningServices.RabbitMq) { UserName = name, Password = password }.Uri.AbsoluteUri;

    /// <summary>A worker's user as deploy/OPERATIONS.md documents it, for the prefix of the test.</summary>
    public static Task<LimitedUser> CreateAsync(Broker broker, string extra)
    {
        var prefix = Regex.Escape(broker.Topology.Exchange);
        return CreateAsync(broker, "^$", $@"^{prefix}\.(retry\.[123]|dead{extra})$", $@"^{prefix}\.(live|reprocess)$");
    }

    public static async Task<LimitedUser> CreateAsync(Broker broker, string configure, string write, string read)
    {
        var management = new RabbitManagement(
            RunningServices.Management ?? throw new InvalidOperationException("PARTS_RABBIT_MANAGEMENT is not set"));
        await management.CreateUserAsync(broker.Topology.Exchange, "a-password", configure, write, read);
        return new LimitedUser(management, broker.Topology.Exchange, "a-password");
    }

    public async ValueTask DisposeAsync()
    {
        await management.DeleteUserAsync(name);
        management.Dispose();
    }
}

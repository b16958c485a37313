using Npgsql;
using PartsWorker.Client;
using PartsWorker.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Tests.Hosting;

public sealed class CommandErrorsTests
{
    private static readonly ShutdownEventArgs Shutdown = new(ShutdownInitiator.Peer, 320, "CONNECTION_FORCED - broker is stopping");

    public static TheoryData<Exception> FromOutside =>
    [
        new IOException("disk full"),
        new UnauthorizedAccessException("Access to the path '/x' is denied."),
        new PublishFailedException(Guid.Empty, "the broker refused it"),
        new SpoolException("another process holds it"),
        new NpgsqlException("Failed to connect"),
        new RabbitConnectionException("RabbitMQ cannot be reached"),
        new OperationInterruptedException(Shutdown),
        new AlreadyClosedException(Shutdown),
        new AggregateException(new IOException("disk full")),
    ];

    [Theory]
    [MemberData(nameof(FromOutside))]
    public void An_error_from_outside_is_one_line(Exception error) => Assert.Single(CommandErrors.Explain(error)!.Split('\n'));

    [Fact]
    public void A_bug_keeps_its_stack_trace()
    {
        Assert.Null(CommandErrors.Explain(new NullReferenceException()));
        Assert.Null(CommandErrors.Explain(new AggregateException(new ArgumentOutOfRangeException())));
    }
}

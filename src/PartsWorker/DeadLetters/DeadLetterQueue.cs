using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PartsWorker.Client;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.DeadLetters;

/// <summary>
/// Looks through the dead letters without taking them: each is held unacknowledged until it is settled or this is disposed, and then goes
/// back where it lay. A second person sees what nobody holds; a killed process gives everything back. Nothing is ever lost by looking.
/// </summary>
internal sealed class DeadLetterQueue : IAsyncDisposable
{
    // Held letters per consumer; another consumer is added when one is full, so that a queue of any length can be looked through.
    private const ushort HeldPerConsumer = 10_000;

    // Somebody else may take what was counted; then the broker falls silent before the count is reached.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly IChannel _holding;
    private readonly IChannel _publishing;
    private readonly PartsTopology _topology;
    private readonly CancellationTokenSource _closing = new();

    private DeadLetterQueue(IConnection connection, IChannel holding, IChannel publishing, PartsTopology topology) =>
        (_connection, _holding, _publishing, _topology) = (connection, holding, publishing, topology);

    public static async Task<DeadLetterQueue> OpenAsync(ConnectionFactory factory, PartsTopology topology, CancellationToken ct)
    {
        var connection = await RabbitConnections.ConnectAsync(factory, ct);
        try
        {
            var holding = await connection.CreateChannelAsync(cancellationToken: ct);
            await topology.DeclareAsync(holding, ct);
            await holding.BasicQosAsync(0, HeldPerConsumer, global: false, ct);
            var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null), ct);
            return new DeadLetterQueue(connection, holding, publishing, topology);
        }
        catch (Exception error)
        {
            await connection.DisposeAsync();
            throw error is OperationInterruptedException refused ? new RabbitConnectionException($"RabbitMQ refused: {refused.ShutdownReason?.ReplyText}", inner: error) : error;
        }
    }

    /// <summary>Letters that nobody holds at this moment.</summary>
    public async Task<long> CountAsync(CancellationToken ct) => (await _holding.QueueDeclarePassiveAsync(_topology.DeadQueue, ct)).MessageCount;

    /// <summary>The letters that lie there now, oldest first; those that arrive meanwhile are left for the next look.</summary>
    public async IAsyncEnumerable<DeadLetter> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var count = await CountAsync(ct);
        var letters = Channel.CreateBounded<DeadLetter>(256);
        var consumers = 0L;
        for (var seen = 0L; seen < count; seen++)
        {
            if (seen == consumers * HeldPerConsumer)
            {
                await ConsumeAsync(letters.Writer, ct);
                consumers++;
            }

            DeadLetter letter;
            try
            {
                letter = await letters.Reader.ReadAsync(ct).AsTask().WaitAsync(Silence, ct);
            }
            catch (TimeoutException) when (_holding.IsOpen)
            {
                yield break;
            }

            yield return letter;
        }
    }

    /// <summary>Sends a letter to the lane it came from, with its attempts forgotten; it leaves the dead letters when the lane has it.</summary>
    /// <exception cref="PublishException">The lane did not take it; it stays dead.</exception>
    public async Task ReplayAsync(DeadLetter letter)
    {
        var sending = _publishing.BasicPublishAsync(
            _topology.Exchange, ReplayedMessage.RoutingKey(letter), mandatory: true, ReplayedMessage.Properties(letter), letter.Body, CancellationToken.None);
        await sending.AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        await RemoveAsync(letter);
    }

    public Task RemoveAsync(DeadLetter letter) => _holding.BasicAckAsync(letter.Tag, multiple: false).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        try
        {
            // Closing the channel gives back what is held, in its old place.
            await _publishing.DisposeAsync();
            await _holding.CloseAsync();
            await _holding.DisposeAsync();
        }
        catch (Exception error) when (error is AlreadyClosedException or OperationInterruptedException or IOException or TimeoutException)
        {
            // The connection is gone, and with it our hold on anything.
        }

        await _connection.DisposeAsync();
        _closing.Dispose();
    }

    private async Task ConsumeAsync(ChannelWriter<DeadLetter> letters, CancellationToken ct)
    {
        var consumer = new AsyncEventingBasicConsumer(_holding);
        consumer.ReceivedAsync += (_, delivery) => letters.WriteAsync(DeadLetterReading.Read(delivery, _topology), _closing.Token).AsTask();
        await _holding.BasicConsumeAsync(_topology.DeadQueue, autoAck: false, consumer, ct);
    }
}

using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client.Tests.Topology;

public sealed class DeclareRefusalsTests
{
    [Theory]
    [InlineData(
        "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'parts.live' in vhost '/': "
        + "received the value '10000000' of type 'signedint' but current is the value '5' of type 'signedint'",
        "queue 'parts.live' exists with x-max-length 5, but 10000000 is needed")]
    [InlineData(
        "PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'parts.dead' in vhost 'line 1': "
        + "received the value 'quorum' of type 'longstr' but current is none",
        "queue 'parts.dead' exists with x-queue-type none, but quorum is needed")]
    [InlineData(
        "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'parts.live' in vhost '/': received 'true' but current is 'false'",
        "queue 'parts.live' exists with durable false, but true is needed")]
    [InlineData(
        "PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'parts' in vhost '/': received 'topic' but current is 'fanout'",
        "exchange 'parts' exists with type fanout, but topic is needed")]
    [InlineData(
        "PRECONDITION_FAILED - inequivalent arg 'x-dead-letter-exchange' for queue 'parts.live' in vhost '/': "
        + "received none but current is the value 'other' of type 'longstr'",
        "queue 'parts.live' exists with x-dead-letter-exchange other, but none is needed")]
    public void A_conflict_is_one_line_with_queue_argument_and_both_values(string reply, string says)
    {
        var explained = DeclareRefusals.Explain(Refusal(406, reply))!;

        Assert.True(explained.IsConflict);
        Assert.Equal($"{says}: stop the workers and run `partsworker queues migrate`, which keeps the messages", explained.Message);
    }

    [Fact]
    public void A_missing_right_names_the_setting_that_does_without_it()
    {
        var explained = DeclareRefusals.Explain(Refusal(403, "ACCESS_REFUSED - configure access to exchange 'parts' refused"))!;

        Assert.False(explained.IsConflict);
        Assert.Contains("set Rabbit:Declare=false", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_refusal_is_left_as_it_is()
    {
        Assert.Null(DeclareRefusals.Explain(Refusal(406, "PRECONDITION_FAILED - unknown delivery tag 7")));
        Assert.Null(DeclareRefusals.Explain(Refusal(404, "NOT_FOUND - no queue 'parts.live' in vhost '/'")));
    }

    private static OperationInterruptedException Refusal(ushort code, string text) =>
        new(new ShutdownEventArgs(ShutdownInitiator.Peer, code, text));
}

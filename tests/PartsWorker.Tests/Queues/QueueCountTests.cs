using PartsWorker.Queues;
using RabbitMQ.Client;

namespace PartsWorker.Tests.Queues;

public sealed class QueueCountTests
{
    [Theory]
    [InlineData("0/0 0/0 7/0", 7, 0, 3)]
    [InlineData("0/0 0/2", 0, 2, 2)]
    [InlineData("7/0", 7, 0, 1)]
    [InlineData("0/2", 0, 2, 1)]
    [InlineData("0/0 0/0 0/0 0/0", 0, 0, 4)]
    public async Task An_empty_queue_without_consumers_is_believed_after_four_answers(
        string answers, int messages, int consumers, int asked)
    {
        var rest = new Queue<string>(answers.Split(' '));
        var questions = 0;

        var found = await QueueCount.ReadAsync(Ask, TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(((uint)messages, (uint)consumers, asked), (found.MessageCount, found.ConsumerCount, questions));

        Task<QueueDeclareOk> Ask()
        {
            questions++;
            var counts = Array.ConvertAll(rest.Dequeue().Split('/'), uint.Parse);
            return Task.FromResult(new QueueDeclareOk("parts.dead", counts[0], counts[1]));
        }
    }
}

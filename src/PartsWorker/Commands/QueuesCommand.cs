using System.CommandLine;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Queues;
using PartsWorker.Terminal;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Commands;

/// <summary><c>partsworker queues</c>: compares queues and exchanges with what the worker needs, and changes those that differ.</summary>
internal static class QueuesCommand
{
    private const string Notes = """
        Example:
          partsworker queues check
        """;

    private const string CheckNotes = """
        Example:
          partsworker queues check

        Creates and changes nothing. The broker names the first argument that differs. The exit code is 0 if everything is as needed,
        otherwise 1. Policies do not conflict with arguments and are not compared: rabbitmqctl list_policies shows them.
        """;

    private const string MigrateNotes = """
        Examples:
          partsworker queues migrate
          partsworker queues migrate --Rabbit:Prefix=parts

        For each queue that differs: declares NAME.moving beside it, binds that instead, moves the messages there, deletes the queue,
        declares it anew, and moves the messages back in their order. No message is lost; after a crash or Ctrl-C the same command
        continues, and up to 200 messages may then exist twice, which changes nothing in SQL. Stop the workers first. Bindings and
        policies that you added yourself must be added again.
        """;

    private static readonly Option<bool> DespiteConsumers = new("--despite-consumers")
    {
        Description = "Migrate although consumers are attached; messages that they have not finished are lost.",
    };

    public static Command Create(Settings settings) => new DocumentedCommand(
        "queues", "Compare the queues of the broker with what the worker needs, and change those that differ.", Notes)
    {
        Check(settings), Migrate(settings),
    };

    private static DocumentedCommand Check(Settings settings)
    {
        var command = new DocumentedCommand("check", "Compare queues and exchanges with what the worker needs.", CheckNotes);
        command.SetAction((_, cancellation) => WithBrokerAsync(settings, async (connection, topology) =>
        {
            var findings = await new QueueInspection(connection, topology).RunAsync(cancellation);
            foreach (var finding in findings)
            {
                Console.WriteLine(Line(finding));
            }

            return findings.TrueForAll(finding => finding.State == QueueState.Right) ? 0 : 1;
        }, cancellation));
        return command;
    }

    private static DocumentedCommand Migrate(Settings settings)
    {
        var command = new DocumentedCommand("migrate", "Change queues that differ, without losing a message.", MigrateNotes)
        {
            DespiteConsumers,
        };
        command.SetAction((arguments, cancellation) => WithBrokerAsync(settings, async (connection, topology) =>
        {
            var progress = new MoveProgress(TimeProvider.System);
            var migration = new QueueMigration(connection, topology, Console.WriteLine, progress.Add);
            var changed = await migration.RunAsync(arguments.GetValue(DespiteConsumers), cancellation);
            Console.WriteLine(changed == 0 ? "queues: nothing differs" : $"queues: {Counted.Of(changed, "queue or exchange")} migrated");
            return 0;
        }, cancellation));
        return command;
    }

    private static string Line(QueueFinding finding)
    {
        var contents = finding.Kind == "queue" && finding.State != QueueState.Missing
            ? $", {Counted.Of(finding.Messages, "message")}, {Counted.Of(finding.Consumers, "consumer")}"
            : "";
        return finding.State switch
        {
            QueueState.Right => $"ok        {finding.Kind} {finding.Name}{contents}",
            QueueState.Missing => $"missing   {finding.Kind} {finding.Name}: a worker creates it when it connects",
            QueueState.Differs => $"differs   {finding.Detail}{contents}",
            _ => $"unknown   {finding.Kind} {finding.Name}: {finding.Detail}",
        };
    }

    private static async Task<int> WithBrokerAsync(
        Settings settings, Func<IConnection, PartsTopology, Task<int>> work, CancellationToken cancellation)
    {
        var rabbit = RabbitSettings.From(settings.Load());
        var factory = RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection, "partsworker queues");
        try
        {
            await using var connection = await RabbitConnections.ConnectAsync(factory, cancellation);
            return await work(connection, new PartsTopology(rabbit.Prefix));
        }
        catch (Exception error) when (error is OperationInterruptedException or TimeoutException)
        {
            throw new UserErrorException($"RabbitMQ: {error.Message}; run the same command again to continue", exitCode: 1, error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            // RabbitMQ.Client cancels a call that the broker does not answer in time.
            throw new UserErrorException("RabbitMQ does not answer; run the same command again to continue", exitCode: 1, error);
        }
    }
}

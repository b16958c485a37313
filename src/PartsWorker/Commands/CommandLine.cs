using System.CommandLine;
using PartsWorker.Configuration;

namespace PartsWorker.Commands;

/// <summary>All commands of <c>partsworker</c>; each has its own file.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Settings settings) => HelpWithNotes.AddTo(
        new RootCommand("Classifies part images from RabbitMQ in batches and writes class, color and shape to PostgreSQL.")
        {
            RunCommand.Create(settings),
            BoardCommand.Create(settings),
            StatusCommand.Create(settings),
            MigrateCommand.Create(settings),
            PublishCommand.Create(settings),
            ClassifyCommand.Create(settings),
            ModelsCommand.Create(settings),
            ReprocessCommand.Create(settings),
            RetentionCommand.Create(settings),
            DemoCommand.Create(settings),
            DeadLettersCommand.Create(settings),
            ResultsCommand.Create(settings),
            QueuesCommand.Create(settings),
        });
}

using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PartsWorker.Board;
using PartsWorker.Configuration;
using PartsWorker.Hosting;

namespace PartsWorker.Commands;

/// <summary><c>partsworker board</c>: the web page to look, review and decide in.</summary>
internal static class BoardCommand
{
    private const string Notes = """
        Example:
          partsworker board --Board:Port=8090 --Images:Roots:0=/srv/cameras

        Sign in with a PostgreSQL login that is a member of partsworker_reader, partsworker_reviewer or partsworker_operator.
        Settings, most used (all of them: README, Configuration):
          ConnectionStrings:Postgres   the database; its own login needs partsworker_reader
          Board:Address, Board:Port    127.0.0.1 and 8090; another address needs Board:Certificate or Board:BehindProxy=true
          Images:Roots:0               folder that file:/// references may point into, as for the worker
          Model:Bundle                 bundle for the page Try
        """;

    public static Command Create(Settings settings)
    {
        var command = new DocumentedCommand("board", "Serve the web page to look at results, review images and manage models.", Notes);
        command.SetAction((_, cancellation) => RunAsync(settings, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, CancellationToken cancellation)
    {
        try
        {
            await using var board = BoardHost.Create(settings.Load());
            board.Services.GetRequiredService<IStartupValidator>().Validate();
            board.Services.GetRequiredService<BoardDatabase>();
            await board.StartAsync(cancellation);
            var address = board.Urls.First();
            Console.WriteLine($"board at {address.Replace("0.0.0.0", "localhost", StringComparison.Ordinal)}");
            await board.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception error) when (BoardStartErrors.Explain(error) is { } line)
        {
            throw new UserErrorException(line, inner: error);
        }
    }
}

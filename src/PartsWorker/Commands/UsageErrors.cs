using System.CommandLine;

namespace PartsWorker.Commands;

/// <summary>What is wrong with a command line, in one line instead of the whole help.</summary>
internal static class UsageErrors
{
    /// <exception cref="UserErrorException">The command line has errors; the line names them and the help to read.</exception>
    public static void Throw(ParseResult line)
    {
        // Without a subcommand, the help with the list of commands is the better answer.
        if (line.Errors.Count == 0 || line.CommandResult.Command.Subcommands.Count > 0)
        {
            return;
        }

        if (line.UnmatchedTokens.FirstOrDefault(IsSettingWithoutValue) is { } setting)
        {
            throw new UserErrorException($"{setting} is a setting: write {setting}=value, with '=' and without a space");
        }

        var errors = string.Join("; ", line.Errors.Select(error => error.Message.TrimEnd('.')));
        throw new UserErrorException($"{errors} (see {Path(line.CommandResult.Command)} --help)");
    }

    private static bool IsSettingWithoutValue(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Contains(':', StringComparison.Ordinal);

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "partsworker";
}

using System.CommandLine;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Commands;

/// <summary>The number of augmented views per enrolled photo, an option of <c>enroll</c> and <c>evaluate</c>.</summary>
internal static class ViewsOption
{
    private const int Most = 32;

    public static Option<int> Create(string name) => new(name)
    {
        Description = $"Augmented views per photo that are averaged into its gallery row, 0..{Most}.",
        DefaultValueFactory = _ => Enrollment.DefaultViews,
    };

    /// <exception cref="UserErrorException">Out of range.</exception>
    public static int Read(ParseResult parsed, Option<int> option) => parsed.GetValue(option) is >= 0 and <= Most and var views
        ? views
        : throw new UserErrorException($"{option.Name} {parsed.GetValue(option)}: must be 0..{Most}");
}

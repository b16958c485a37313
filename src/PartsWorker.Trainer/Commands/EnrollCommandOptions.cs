using System.CommandLine;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>enroll</c>.</summary>
internal sealed class EnrollCommandOptions
{
    public Option<string> Bundle { get; } = new("--bundle")
    {
        Description = "Bundle to extend. It is not changed; a new version is written.",
        Required = true,
    };

    public Option<string> Photos { get; } = new("--photos")
    {
        Description = "Folder with photos of the part; use five to twenty, from different sides.",
        Required = true,
    };

    public Option<string> Name { get; } = new("--name")
    {
        Description = "Class name. If the bundle has this class, the photos are added to it.",
        Required = true,
    };

    public Option<string> Color { get; } = new("--color") { Description = "One of the bundle's colors.", Required = true };

    public Option<string> Shape { get; } = new("--shape") { Description = "One of the bundle's shapes.", Required = true };

    public Option<string> Version { get; } = new("--version-name") { Description = "Name of the new version.", Required = true };

    public Option<int> Views { get; } = ViewsOption.Create("--views");

    public Option<bool> Keep { get; } = new("--keep") { Description = "Write the version even if the enrollment is doubtful." };

    public IEnumerable<Option> All => [Bundle, Photos, Name, Color, Shape, Version, Views, Keep];

    /// <exception cref="UserErrorException">The folder of photos is missing or empty, or a number is out of range.</exception>
    public NewPart Part(ParseResult parsed)
    {
        var folder = parsed.GetValue(Photos)!;
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"{folder}: no such folder; {Photos.Name} expects a folder with photos of the part");
        }

        string[] photos = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        if (photos.Length == 0)
        {
            throw new UserErrorException($"{folder}: contains no photos");
        }

        return new(parsed.GetValue(Name)!, parsed.GetValue(Color)!, parsed.GetValue(Shape)!, photos)
        {
            Views = ViewsOption.Read(parsed, Views),
        };
    }
}

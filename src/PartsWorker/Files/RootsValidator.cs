using Microsoft.Extensions.Options;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary>Roots are absolute folders, on Linux. They need not exist yet: storage may be mounted later.</summary>
internal sealed class RootsValidator : IValidateOptions<ImageOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageOptions options)
    {
        if (options.Roots.Length > 0 && !OperatingSystem.IsLinux())
        {
            return ValidateOptionsResult.Fail(
                "Images:Roots: file:/// references work only on Linux; remove Images:Roots and use https:// or s3:// references.");
        }

        return options.Roots.FirstOrDefault(root => !IsFolderBelowSlash(root)) is { } wrong
            ? ValidateOptionsResult.Fail($"Images:Roots holds '{wrong}': name a folder below '/', as an absolute path.")
            : ValidateOptionsResult.Success;
    }

    private static bool IsFolderBelowSlash(string root) =>
        Path.IsPathRooted(root) && Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) is not "/";
}

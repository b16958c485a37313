using Microsoft.Extensions.Options;

namespace PartsWorker.References;

/// <summary>Both sides of each entry of <c>Images:Map</c> name a place.</summary>
internal sealed class ReferenceMapValidator : IValidateOptions<ImageOptions>
{
    private static readonly string[] Schemes = ["file:///", "https://", "http://", "s3://"];

    public ValidateOptionsResult Validate(string? name, ImageOptions options)
    {
        for (var i = 0; i < options.Map.Length; i++)
        {
            var (from, to) = (options.Map[i].From, options.Map[i].To);
            if (!from.Contains("://", StringComparison.Ordinal) && WindowsPath.Of(from + "/") is null)
            {
                return ValidateOptionsResult.Fail(
                    $@"Images:Map:{i}:From '{from}' must be a share (\\server\share), a drive or folder (C:\images) "
                    + "or begin with a scheme (file:///mnt).");
            }

            if (!to.StartsWith('/') && !Array.Exists(Schemes, s => to.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
            {
                return ValidateOptionsResult.Fail(
                    $"Images:Map:{i}:To '{to}' must be an absolute folder or begin with https://, http:// or s3://.");
            }
        }

        return ValidateOptionsResult.Success;
    }
}

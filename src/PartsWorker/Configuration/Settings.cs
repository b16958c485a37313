using Microsoft.Extensions.Configuration;

namespace PartsWorker.Configuration;

/// <summary>
/// The configuration of every command: appsettings.json, then environment, then <c>..._FILE</c> secrets, then <c>--Section:Key=value</c>
/// arguments; later sources override earlier ones.
/// </summary>
internal sealed class Settings(string[] overrides, SettingKeys keys)
{
    /// <summary>Separates <c>--Section:Key=value</c> from the words of the command line itself.</summary>
    public static (string[] Overrides, string[] Words) Split(string[] args)
    {
        var overrides = args.Where(IsOverride).ToArray();
        return (overrides, args.Where(a => !IsOverride(a)).ToArray());
    }

    public string[] Overrides { get; } = overrides;

    /// <exception cref="UserErrorException">A key is unknown, a value has the wrong type, or a secret's file cannot be read.</exception>
    public IConfiguration Load()
    {
        var files = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .Build();
        var environment = new ConfigurationBuilder().AddConfiguration(files).AddEnvironmentVariables().Build();
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(SecretFiles.Resolve(environment))
            .AddCommandLine(Overrides)
            .Build();
        keys.Check(settings, written: new ConfigurationBuilder().AddConfiguration(files).AddCommandLine(Overrides).Build());
        return settings;
    }

    private static bool IsOverride(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal)
        && argument.IndexOf('=', StringComparison.Ordinal) is var equals and > 0
        && argument.AsSpan(0, equals).Contains(':');
}

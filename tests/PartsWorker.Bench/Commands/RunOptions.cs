using System.CommandLine;
using Microsoft.Extensions.Configuration;
using PartsWorker.Bench.Images;
using PartsWorker.Bench.Suite;
using PartsWorker.Hosting;

namespace PartsWorker.Bench.Commands;

/// <summary>The options of <c>partsbench run</c>.</summary>
internal sealed class RunOptions
{
    public const int DefaultImages = 500;
    private const string NoModel = "none";

    private Option<string?> Real { get; } = new("--real")
    {
        Description = "Bundle with a realistic cost: partstrainer export --random real.",
    };

    private Option<string?> Tiny { get; } = new("--tiny")
    {
        Description = "Bundle with almost no cost: partstrainer export --random tiny.",
    };

    private Option<string[]> Model { get; } = new("--model")
    {
        Description = "Measure only real, tiny or none (no model, no decoding); may be repeated. Default: the given bundles, and none.",
    };

    private Option<string> Images { get; } = new("--images")
    {
        Description = "Folder of JPEG files; an empty folder is filled with synthetic images of 640x480.",
        Required = true,
    };

    private Option<int> Count { get; } = new("--count")
    {
        Description = "Number of synthetic images, 1..100000.",
        DefaultValueFactory = _ => DefaultImages,
    };

    private Option<double> Seconds { get; } = new("--seconds")
    {
        Description = "Length of a window, 0.2..10: the broker drops the connection of a worker that is stopped for longer.",
        DefaultValueFactory = _ => 3,
    };

    private Option<int> Windows { get; } = new("--windows")
    {
        Description = "Windows per rate, 1..1000; the rate is their median.",
        DefaultValueFactory = _ => 5,
    };

    private Option<double> Warm { get; } = new("--warm")
    {
        Description = "Seconds of full load before the first window, 0..600.",
        DefaultValueFactory = _ => 15,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Real, Tiny, Model, Images, Count, Seconds, Windows, Warm, Json })
        {
            command.Options.Add(option);
        }
    }

    public BenchPlan Plan(ParseResult arguments, IConfiguration configuration, CancellationToken cancellation)
    {
        var given = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["tiny"] = arguments.GetValue(Tiny),
            ["real"] = arguments.GetValue(Real),
        };
        var asked = arguments.GetValue(Model) is { Length: > 0 } some
            ? some
            : [.. given.Where(g => g.Value is not null).Select(g => g.Key), NoModel];
        foreach (var name in asked.Where(name => name != NoModel && given.GetValueOrDefault(name) is null))
        {
            throw new UserErrorException(
                given.ContainsKey(name) ? $"--model {name} needs --{name} BUNDLE" : $"--model {name}: must be real, tiny or none");
        }

        var images = Folder("--images", arguments.GetValue(Images)!);
        var count = Within("--count", arguments.GetValue(Count), 1, 100_000);
        return new BenchPlan
        {
            Bundles = given.Where(g => asked.Contains(g.Key))
                .ToDictionary(g => g.Key, g => Folder($"--{g.Key}", g.Value!), StringComparer.Ordinal),
            None = asked.Contains(NoModel),
            Images = BenchImages.Ensure(images, count, cancellation),
            Windows = Within("--windows", arguments.GetValue(Windows), 1, 1000),
            Window = TimeSpan.FromSeconds(Within("--seconds", arguments.GetValue(Seconds), 0.2, 10)),
            Warm = TimeSpan.FromSeconds(Within("--warm", arguments.GetValue(Warm), 0, 600)),
            LatencyWindow = TimeSpan.FromSeconds(Within("--seconds", arguments.GetValue(Seconds), 0.2, 10) * 5),
            Inference = SharedLimits.Inference(configuration),
            Limits = SharedLimits.Decoding(configuration),
            Decoder = BenchSettings.Decoder(configuration),
            Reading = BenchSettings.Images(configuration, images),
            Report = line => Console.Error.WriteLine($"bench: {line}"),
        };
    }

    /// <summary>The full path of a folder that was given as an option.</summary>
    public static string Folder(string option, string value) =>
        string.IsNullOrWhiteSpace(value) ? throw new UserErrorException($"{option} is empty: give a folder") : Path.GetFullPath(value);

    public static T Within<T>(string option, T value, T low, T high)
        where T : IComparable<T> =>
        value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0
            ? value
            : throw new UserErrorException($"{option} {value}: must be {low}..{high}");
}

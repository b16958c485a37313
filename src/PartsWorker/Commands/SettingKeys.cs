using System.Reflection;
using Microsoft.Extensions.Configuration;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.References;
using PartsWorker.Reprocessing;
using PartsWorker.Results;
using PartsWorker.Serving;
using PartsWorker.Web;

namespace PartsWorker.Commands;

/// <summary>
/// Refuses keys that no options class has, for every command alike: a misspelt key would otherwise leave a default in force unnoticed.
/// </summary>
internal static class SettingKeys
{
    private static readonly Dictionary<string, PropertyInfo[]> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        [RabbitOptions.Section] = Keys(typeof(RabbitOptions)),
        [ImageOptions.Section] = Keys(typeof(ImageOptions)),
        [ModelOptions.Section] = Keys(typeof(ModelOptions)),
        // SharedLimits sets the two that are left out.
        [InferenceOptions.Section] = Keys(typeof(InferenceOptions), except: nameof(InferenceOptions.MaxBatch)),
        ["Decode"] = Keys(typeof(DecodeLimits), except: nameof(DecodeLimits.MaxBytes)),
        [PipelineOptions.Section] = Keys(typeof(PipelineOptions)),
        [ResultsOptions.Section] = Keys(typeof(ResultsOptions)),
        [HealthOptions.Section] = Keys(typeof(HealthOptions)),
        [ReprocessOptions.Section] = Keys(typeof(ReprocessOptions)),
    };

    private static readonly string[] OfDotNet = ["Logging", "ConnectionStrings", "AllowedHosts", "$schema"];

    /// <param name="settings">Everything, from all sources.</param>
    /// <param name="written">What appsettings.json and the command line say. Their unknown sections are refused; the environment is full of
    /// other programs' variables, so of its sections only those are refused that are nearly one of ours (<c>Rabit__Prefix</c>).</param>
    /// <exception cref="UserErrorException">A key is unknown; the line names it and, where one is close, the right one.</exception>
    public static void Check(IConfiguration settings, IConfiguration written)
    {
        foreach (var section in settings.GetChildren().Where(section => !OfDotNet.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (Sections.TryGetValue(section.Key, out var keys))
            {
                CheckObject(section, keys);
            }
            else
            {
                CheckStranger(section, written.GetSection(section.Key).Exists());
            }
        }
    }

    private static void CheckStranger(IConfigurationSection section, bool written)
    {
        var near = Spelling.Nearest(section.Key, Sections.Keys);
        var first = section.GetChildren().FirstOrDefault();
        if (written || (near is not null && first is not null))
        {
            var right = near is null || first is null ? near : ConfigurationPath.Combine(near, first.Key);
            throw Unknown(first?.Path ?? section.Key, right, $"the sections are {string.Join(", ", Sections.Keys)}");
        }
    }

    private static void CheckObject(IConfigurationSection section, PropertyInfo[] keys)
    {
        foreach (var child in section.GetChildren())
        {
            var key = Array.Find(keys, key => string.Equals(key.Name, child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Unknown(child.Path, Hint(child, keys), $"{section.Path} has {string.Join(", ", keys.Select(key => key.Name))}");
            CheckValue(child, key.PropertyType);
        }
    }

    private static void CheckValue(IConfigurationSection value, Type type)
    {
        if (type.IsArray)
        {
            // An empty list in JSON is an empty value.
            if (!string.IsNullOrEmpty(value.Value) || value.GetChildren().Any(item => !int.TryParse(item.Key, out _)))
            {
                throw new UserErrorException($"{value.Path} is a list: number its values, {value.Path}:0={value.Value ?? "..."}");
            }
        }
        else if (type.Assembly == typeof(SettingKeys).Assembly && type.IsClass)
        {
            CheckObject(value, Keys(type));
        }
        else if (value.GetChildren().FirstOrDefault() is { } below)
        {
            throw Unknown(below.Path, value.Path);
        }
    }

    // A key may also be right and only stand in the wrong section.
    private static string? Hint(IConfigurationSection unknown, PropertyInfo[] keys)
    {
        if (Spelling.Nearest(unknown.Key, keys.Select(key => key.Name)) is { } near)
        {
            return ConfigurationPath.Combine(ConfigurationPath.GetParentPath(unknown.Path)!, near);
        }

        var home = Sections.FirstOrDefault(section => HasKey(section.Value, unknown.Key)).Key;
        return home is null ? null : ConfigurationPath.Combine(home, unknown.Key);
    }

    private static bool HasKey(PropertyInfo[] keys, string name) =>
        Array.Exists(keys, key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase));

    private static UserErrorException Unknown(string key, string? hint, string otherwise = "") =>
        new($"unknown configuration key {key}: {(hint is null ? otherwise : $"did you mean {hint}?")}");

    private static PropertyInfo[] Keys(Type type, string? except = null) =>
        [.. type.GetProperties().Where(property => property.SetMethod is { IsPublic: true } && property.Name != except)];
}

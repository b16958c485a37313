using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace PartsWorker.Configuration;

/// <summary>
/// Refuses unknown keys and values of the wrong type, in every command; otherwise a misspelt key would silently leave its default in force.
/// </summary>
internal sealed class SettingKeys
{
    private static readonly string[] FrameworkSections = ["Logging", "ConnectionStrings", "AllowedHosts", "$schema"];
    private readonly Dictionary<string, PropertyInfo[]> _sections = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a section and the options class that it is bound to.</summary>
    /// <param name="section">Name of the section.</param>
    /// <param name="except">A property that is not a key because another section sets it.</param>
    public SettingKeys Add<TOptions>(string section, string? except = null)
    {
        _sections.Add(section, Keys(typeof(TOptions), except));
        return this;
    }

    /// <param name="settings">All settings, from all sources.</param>
    /// <param name="written">
    /// The settings of appsettings.json and the command line. Their unknown sections are refused; the environment contains variables of
    /// other programs, so only sections that nearly match one of ours are refused there (<c>Rabit__Prefix</c>).
    /// </param>
    /// <exception cref="UserErrorException">A key is unknown or a value has the wrong type; the line names it and the remedy.</exception>
    public void Check(IConfiguration settings, IConfiguration written)
    {
        var ours = settings.GetChildren().Where(section => !FrameworkSections.Contains(section.Key, StringComparer.OrdinalIgnoreCase));
        foreach (var section in ours)
        {
            if (_sections.TryGetValue(section.Key, out var keys))
            {
                CheckObject(section, keys);
            }
            else
            {
                CheckUnknownSection(section, written.GetSection(section.Key).Exists());
            }
        }
    }

    private void CheckUnknownSection(IConfigurationSection section, bool written)
    {
        var near = Spelling.Nearest(section.Key, _sections.Keys);
        var first = section.GetChildren().FirstOrDefault();
        if (written || (near is not null && first is not null))
        {
            var right = near is null || first is null ? near : ConfigurationPath.Combine(near, first.Key);
            throw Unknown(first?.Path ?? section.Key, right, $"the sections are {string.Join(", ", _sections.Keys)}");
        }
    }

    private void CheckObject(IConfigurationSection section, PropertyInfo[] keys)
    {
        foreach (var child in section.GetChildren())
        {
            var key = Array.Find(keys, key => string.Equals(key.Name, child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Unknown(child.Path, Hint(child, keys), $"{section.Path} has {string.Join(", ", keys.Select(key => key.Name))}");
            CheckValue(child, key.PropertyType);
        }
    }

    private void CheckValue(IConfigurationSection value, Type type)
    {
        if (type.IsArray)
        {
            // An empty list in JSON is an empty value.
            if (!string.IsNullOrEmpty(value.Value) || value.GetChildren().Any(item => !int.TryParse(item.Key, out _)))
            {
                throw new UserErrorException($"{value.Path} is a list: number its values, {value.Path}:0={value.Value ?? "..."}");
            }

            if (IsOurs(type.GetElementType()!))
            {
                Array.ForEach([.. value.GetChildren()], item => CheckObject(item, Keys(type.GetElementType()!)));
            }
        }
        else if (IsOurs(type))
        {
            CheckObject(value, Keys(type));
        }
        else if (value.GetChildren().FirstOrDefault() is { } below)
        {
            throw Unknown(below.Path, value.Path);
        }
        else
        {
            SettingValues.Check(value, type);
        }
    }

    private static bool IsOurs(Type type) => type.Assembly == typeof(SettingKeys).Assembly && type.IsClass;

    // The key may be right but in the wrong section.
    private string? Hint(IConfigurationSection unknown, PropertyInfo[] keys)
    {
        if (Spelling.Nearest(unknown.Key, keys.Select(key => key.Name)) is { } near)
        {
            return ConfigurationPath.Combine(ConfigurationPath.GetParentPath(unknown.Path)!, near);
        }

        var home = _sections.FirstOrDefault(section => HasKey(section.Value, unknown.Key)).Key;
        return home is null ? null : ConfigurationPath.Combine(home, unknown.Key);
    }

    private static bool HasKey(PropertyInfo[] keys, string name) =>
        Array.Exists(keys, key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase));

    private static UserErrorException Unknown(string key, string? hint, string otherwise = "") =>
        new($"unknown configuration key {key}: {(hint is null ? otherwise : $"did you mean {hint}?")}");

    private static PropertyInfo[] Keys(Type type, string? except = null) =>
        [.. type.GetProperties().Where(property => property.SetMethod is { IsPublic: true } && property.Name != except)];
}

using System.ComponentModel;
using Microsoft.Extensions.Configuration;

namespace PartsWorker.Configuration;

/// <summary>Refuses values of the wrong type and names the accepted ones; the binder's own message names the .NET type instead.</summary>
internal static class SettingValues
{
    /// <exception cref="UserErrorException">The value cannot be converted to <paramref name="type"/>.</exception>
    public static void Check(IConfigurationSection setting, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (setting.Value is not { Length: > 0 } text || type == typeof(string))
        {
            return;
        }

        try
        {
            _ = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw new UserErrorException($"{setting.Path} is '{text}'; use {Accepted(type)}", inner: error);
        }
    }

    private static string Accepted(Type type) =>
        type.IsEnum ? Alternatives(Enum.GetNames(type))
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "hours:minutes:seconds, for example 00:00:30"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : "a number";

    private static string Alternatives(string[] names) =>
        $"{string.Join(", ", names[..^1].Select(name => name.ToLowerInvariant()))} or {names[^1].ToLowerInvariant()}";
}

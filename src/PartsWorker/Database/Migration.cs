using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PartsWorker.Database;

/// <summary>One file of <c>migrations/</c>, embedded in the program.</summary>
internal sealed partial record Migration(int Version, string FileName, string Sql)
{
    /// <summary>SHA-256 over the text with unix line ends, so that a checkout on Windows does not count as a change.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.Replace("\r\n", "\n", StringComparison.Ordinal))));

    /// <summary>All files, in order of version.</summary>
    public static IReadOnlyList<Migration> Embedded()
    {
        var assembly = typeof(Migration).Assembly;
        return assembly.GetManifestResourceNames()
            .Select(name => (Name: name, Match: FilePattern().Match(name)))
            .Where(resource => resource.Match.Success)
            .Select(resource => new Migration(
                int.Parse(resource.Match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture),
                resource.Match.Groups["file"].Value,
                Read(assembly, resource.Name)))
            .OrderBy(migration => migration.Version)
            .ToArray();
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^migrations/(?<file>V(?<version>[0-9]{3})__[a-z0-9_]+\\.sql)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FilePattern();
}

using System.Security.Cryptography;
using System.Text;

namespace PartsWorker.Faults.Load;

/// <summary>Good messages mixed with every kind of bad one, each with the place where it must end.</summary>
internal sealed class MixedLoad
{
    private readonly string _root;
    private readonly string _server;
    private readonly string[] _names;
    private readonly Random _random;
    private readonly Draft _draft;

    /// <param name="images">Folder of good images.</param>
    /// <param name="root">Folder that workers may read; good and bad files are written there.</param>
    /// <param name="server">Address of the image server, which serves the same folder.</param>
    /// <param name="seed">Decides everything.</param>
    /// <param name="start">Time of the first image.</param>
    public MixedLoad(string images, string root, string server, int seed, DateTimeOffset start)
    {
        (_root, _server, _random) = (root, server, new(seed));
        _draft = new(_random, start);
        _names = [.. Directory.GetFiles(images, "*.*").Order(StringComparer.Ordinal).Select(Path.GetFileName).OfType<string>()];
        foreach (var name in _names)
        {
            File.Copy(Path.Combine(images, name), Path.Combine(root, name), overwrite: true);
        }

        File.WriteAllText(Path.Combine(root, "text.jpg"), "this is no image");
        File.WriteAllBytes(Path.Combine(root, "empty.jpg"), []);
        var whole = File.ReadAllBytes(Path.Combine(root, _names.First(n => n.EndsWith(".jpg", StringComparison.Ordinal))));
        File.WriteAllBytes(Path.Combine(root, "truncated.jpg"), whole[..(whole.Length / 3)]);
    }

    /// <param name="count">Number of messages.</param>
    /// <param name="withMissing">Include references to files that never appear; they take the whole retry ladder, about six minutes.</param>
    public PlannedMessage[] Draw(int count, bool withMissing)
    {
        var all = new PlannedMessage[count];
        for (var i = 0; i < count; i++)
        {
            // Missing files only early, so that their retries run beside the other work and not after it.
            all[i] = _random.Next(1000) switch
            {
                < 700 => _draft.Reference($"file://{_root}/{Name()}", Expectation.Row),
                < 940 => _draft.Reference($"{_server}/{Name()}", Expectation.Row),
                < 945 => Checked(),
                < 950 when withMissing && i < count / 3 => _draft.Reference($"file://{_root}/never-{i}.jpg", Expectation.Dead("missing-image")),
                _ => Bad(),
            };
        }

        return all;
    }

    private string Name() => Uri.EscapeDataString(_names[_random.Next(_names.Length)]);

    private PlannedMessage Checked()
    {
        var name = _names[_random.Next(_names.Length)];
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_root, name))));
        return _draft.Reference($"file://{_root}/{Uri.EscapeDataString(name)}", Expectation.Row, json => json["sha256"] = hash);
    }

    private PlannedMessage Bad() => _random.Next(9) switch
    {
        0 => _draft.Raw(Encoding.UTF8.GetBytes("this is no JSON"), Expectation.Dead("bad-message")),
        1 => _draft.Raw([], Expectation.Dead("bad-message")),
        2 => _draft.Reference("file:///", Expectation.Dead("bad-message"), json => json.Remove("imageId")) with { ImageId = null },
        3 => _draft.Reference("file:///etc/passwd", Expectation.Dead("forbidden-reference")),
        4 => _draft.Reference($"file://{_root}/../../etc/passwd", Expectation.Dead("forbidden-reference")),
        5 => _draft.Reference($"file://{_root}/text.jpg", Expectation.Dead("unreadable-image")),
        6 => _draft.Reference($"file://{_root}/empty.jpg", Expectation.Dead("unreadable-image")),
        7 => _draft.Reference($"file://{_root}/truncated.jpg", Expectation.Dead("unreadable-image")),
        _ => _draft.Reference($"file://{_root}/{Name()}", Expectation.Dead("unreadable-image"), json => json["sha256"] = new string('0', 64)),
    };
}

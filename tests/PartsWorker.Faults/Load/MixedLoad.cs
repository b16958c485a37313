using System.Security.Cryptography;
using System.Text;

namespace PartsWorker.Faults.Load;

/// <summary>An ordinary day of a line, with a share of every kind of bad message; each message has one place where it must end.</summary>
internal sealed class MixedLoad
{
    private readonly string _root;
    private readonly string _server;
    private readonly string[] _names;
    private readonly Random _random;
    private readonly Draft _draft;

    /// <param name="images">Folder of good images.</param>
    /// <param name="root">Folder that the workers may read; it gets the good and the bad files.</param>
    /// <param name="server">Address of the image server, which serves the same folder.</param>
    /// <param name="seed">Determines all messages.</param>
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

        File.WriteAllText(Path.Combine(root, "text.jpg"), "this is not an image");
        File.WriteAllBytes(Path.Combine(root, "empty.jpg"), []);
        var whole = File.ReadAllBytes(Path.Combine(root, _names.First(n => n.EndsWith(".jpg", StringComparison.Ordinal))));
        File.WriteAllBytes(Path.Combine(root, "truncated.jpg"), whole[..(whole.Length / 3)]);
    }

    /// <param name="count">How many.</param>
    /// <param name="withMissing">Include references to files that never arrive; they use the whole retry ladder, about 6 minutes.</param>
    public PlannedMessage[] Draw(int count, bool withMissing)
    {
        var all = new PlannedMessage[count];
        for (var i = 0; i < count; i++)
        {
            // Missing files only early in the run, so that their retries run in parallel with the other work.
            all[i] = _random.Next(1000) switch
            {
                < 700 => _draft.Reference($"file://{_root}/{Name()}", Expectation.Row),
                < 940 => _draft.Reference($"{_server}/{Name()}", Expectation.Row),
                < 945 => Checked(),
                < 950 when withMissing && i < count / 3 => Missing(i),
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

    private PlannedMessage Missing(int number) =>
        _draft.Reference($"file://{_root}/never-{number}.jpg", Expectation.Dead("missing-image"));

    private PlannedMessage WrongHash() => _draft.Reference(
        $"file://{_root}/{Name()}", Expectation.Dead("unreadable-image"), json => json["sha256"] = new string('0', 64));

    private PlannedMessage Bad() => _random.Next(9) switch
    {
        0 => _draft.Raw(Encoding.UTF8.GetBytes("this is not JSON"), Expectation.Dead("bad-message")),
        1 => _draft.Raw([], Expectation.Dead("bad-message")),
        2 => _draft.Reference("file:///", Expectation.Dead("bad-message"), json => json.Remove("imageId")) with { ImageId = null },
        3 => _draft.Reference("file:///etc/passwd", Expectation.Dead("forbidden-reference")),
        4 => _draft.Reference($"file://{_root}/../../etc/passwd", Expectation.Dead("forbidden-reference")),
        5 => _draft.Reference($"file://{_root}/text.jpg", Expectation.Dead("unreadable-image")),
        6 => _draft.Reference($"file://{_root}/empty.jpg", Expectation.Dead("unreadable-image")),
        7 => _draft.Reference($"file://{_root}/truncated.jpg", Expectation.Dead("unreadable-image")),
        _ => WrongHash(),
    };
}

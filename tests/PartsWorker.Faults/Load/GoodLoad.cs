namespace PartsWorker.Faults.Load;

/// <summary>Only good images from a folder.</summary>
internal sealed class GoodLoad
{
    private readonly string _root;
    private readonly string[] _names;
    private readonly Random _random;
    private readonly Draft _draft;

    public GoodLoad(string images, string root, int seed, DateTimeOffset start)
    {
        (_root, _random) = (root, new(seed));
        _draft = new(_random, start);
        var files = Directory.GetFiles(images).Order(StringComparer.Ordinal).ToArray();
        Array.ForEach(files, file => File.Copy(file, Path.Combine(root, Path.GetFileName(file)), overwrite: true));
        _names = [.. files.Select(file => Uri.EscapeDataString(Path.GetFileName(file)))];
    }

    public PlannedMessage[] Draw(int count)
    {
        var all = new PlannedMessage[count];
        for (var i = 0; i < count; i++)
        {
            all[i] = _draft.Reference($"file://{_root}/{_names[_random.Next(_names.Length)]}", Expectation.Row);
        }

        return all;
    }
}

using PartsWorker.Harness;

namespace PartsWorker.Tests.Rooms;

/// <summary>
/// One table of allowed arrows in <c>src/ARCHITECTURE.md</c>: the first fenced block under a heading, with lines <c>Room -> A, B</c>.
/// </summary>
internal sealed class RoomTable
{
    private readonly SortedDictionary<string, string[]> _rows = new(StringComparer.Ordinal);

    private RoomTable(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var sides = line.Split(" -> ");
            Assert.True(sides.Length == 2, $"src/ARCHITECTURE.md: '{line}' is not of the form 'Room -> A, B'");
            _rows.Add(sides[0].Trim(), sides[1].Split(',', StringSplitOptions.TrimEntries));
        }
    }

    public IEnumerable<(string From, string To)> Arrows => _rows.SelectMany(row => row.Value.Select(to => (row.Key, to)));

    public static RoomTable Read(string heading)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "src", "ARCHITECTURE.md"))
            .SkipWhile(line => line != heading).SkipWhile(line => !IsFence(line)).Skip(1).TakeWhile(line => !IsFence(line)).ToArray();
        Assert.True(lines.Length > 0, $"src/ARCHITECTURE.md has no block of arrows under '{heading}'");
        return new RoomTable(lines.Where(line => line.Length > 0));
    }

    /// <summary>Fails unless table and code have the same arrows.</summary>
    /// <param name="used">The arrows of the compiled code, each with its reason.</param>
    public void AssertEquals(IReadOnlyDictionary<(string From, string To), string> used)
    {
        var allowed = Arrows.ToHashSet();
        string[] faults =
        [
            .. used.Where(arrow => !allowed.Contains(arrow.Key))
                .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To} is not allowed: {arrow.Value}"),
            .. allowed.Where(arrow => !used.ContainsKey(arrow)).Order()
                .Select(arrow => $"{arrow.From} -> {arrow.To} is in the table, and no code needs it"),
        ];
        Assert.True(
            faults.Length == 0,
            $"src/ARCHITECTURE.md and the code differ:\n{string.Join('\n', faults)}\n\nThe code as it is:\n{Format(used.Keys)}");
    }

    /// <returns>A cycle as <c>A -> B -> A</c>; null where there is none.</returns>
    public string? FindCycle()
    {
        var finished = new HashSet<string>();
        return _rows.Keys.Select(room => Cycle(room, [], finished)).FirstOrDefault(cycle => cycle is not null);
    }

    private string? Cycle(string room, List<string> path, HashSet<string> finished)
    {
        if (path.IndexOf(room) is >= 0 and var start)
        {
            return string.Join(" -> ", path.Skip(start).Append(room));
        }

        if (finished.Contains(room) || !_rows.TryGetValue(room, out var next))
        {
            return null;
        }

        path.Add(room);
        var cycle = next.Select(to => Cycle(to, path, finished)).FirstOrDefault(found => found is not null);
        path.RemoveAt(path.Count - 1);
        finished.Add(room);
        return cycle;
    }

    private static string Format(IEnumerable<(string From, string To)> arrows) => string.Join('\n', arrows
        .GroupBy(arrow => arrow.From, arrow => arrow.To)
        .Select(row => $"{row.Key} -> {string.Join(", ", row.Order(StringComparer.Ordinal))}"));

    private static bool IsFence(string line) => line.StartsWith("```", StringComparison.Ordinal);
}

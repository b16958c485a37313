using System.Globalization;
using System.Text;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Publishing;

/// <summary>
/// A day of a ring-buffer camera: it uploads in pieces, in place or under a temporary name, overwrites, deletes, touches and renames, with
/// names that are not UTF-8 among them. PARTSWORKER_DAY_FILES sets the number of images (default 2,000: some seconds).
/// </summary>
[Collection(Alone.Name)]
public sealed class WatchDayTests : IDisposable
{
    private const int Ring = 400, EventsPerStep = 16;

    private readonly RawFolder _folder = new();
    private readonly Random _random = new(7);
    private readonly string[] _names =
        [.. Enumerable.Range(0, Ring).Select(i => $"{(i % 4 == 0 ? "sub\u00E4/" : "")}cam\u00FC_{i:D4}.jpg")];

    private readonly bool[] _exists = new bool[Ring];
    private readonly Dictionary<int, byte[]> _uploading = [];
    private int _images;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Over_a_day_each_finished_image_is_published_exactly_once_and_memory_stays_flat()
    {
        var images = int.Parse(Environment.GetEnvironmentVariable("PARTSWORKER_DAY_FILES") ?? "2000", CultureInfo.InvariantCulture);
        using var bench = new WatchBench(_folder.Path);
        _folder.CreateFolder("sub\u00E4");
        var (early, earlyImages) = (0L, 0);
        for (var step = 1; _images < images; step++)
        {
            Step();
            await bench.ScanAsync(2);
            if (step % 100 == 0)
            {
                bench.Restart();
            }

            if (early == 0 && _images > images / 4)
            {
                (early, earlyImages) = (GC.GetTotalMemory(forceFullCollection: true), _images);
            }
        }

        FinishUploads();
        await bench.ScanAsync(3);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - early;
        var published = bench.Published.GroupBy(r => r.Sha256).ToArray();
        Assert.Equal(_images, published.Length);
        Assert.All(published, p => Assert.Single(p));
        Assert.Empty(bench.Lines);
        Assert.InRange(bench.Memory.Count, 1, 2 * Ring);
        Assert.InRange(File.ReadLines(bench.StateFile).Count(), 1, 60_000);

        // The test itself keeps each published reference, some 600 bytes.
        Assert.InRange(grown, long.MinValue, (1000L * (_images - earlyImages)) + (4 << 20));
    }

    // The slots of one step differ, so that every image has the time it needs to be found.
    private void Step()
    {
        var finishing = _uploading.Keys.ToHashSet();
        FinishUploads();
        var slots = Enumerable.Range(0, Ring).Where(s => !finishing.Contains(s)).OrderBy(_ => _random.Next()).Take(EventsPerStep);
        foreach (var slot in slots.ToArray())
        {
            var name = _names[slot];
            switch (_random.Next(8))
            {
                case 0 when _exists[slot]:
                    _folder.Touch(name);
                    break;
                case 1 when _exists[slot]:
                    _folder.Delete(name);
                    _exists[slot] = false;
                    break;
                case 2 when _exists[slot]:
                    _names[slot] = name.Contains("_b", StringComparison.Ordinal) ? name.Replace("_b", "") : name.Replace(".jpg", "_b.jpg");
                    _folder.Rename(name, _names[slot]);
                    break;
                case 3:
                    _uploading[slot] = NextImage();
                    Write(slot, name, _uploading[slot][..9]);
                    break;
                case 4:
                    _folder.Write(name + ".part", NextImage());
                    _folder.Rename(name + ".part", name);
                    _exists[slot] = true;
                    break;
                default:
                    Write(slot, name, NextImage());
                    break;
            }
        }
    }

    private void FinishUploads()
    {
        foreach (var (slot, image) in _uploading)
        {
            Write(slot, _names[slot], image);
        }

        _uploading.Clear();
    }

    private void Write(int slot, string name, byte[] content)
    {
        _folder.Write(name, content);
        _exists[slot] = true;
    }

    // Lengths differ, because the test overwrites faster than the clock of the file system ticks.
    private byte[] NextImage()
    {
        _images++;
        return [0xFF, 0xD8, 0xFF, 0xE0, .. Encoding.ASCII.GetBytes($"{_images:D9}"), .. new byte[_images % 1000], 0xFF, 0xD9];
    }
}

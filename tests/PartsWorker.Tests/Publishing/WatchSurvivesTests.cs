using System.Diagnostics;
using PartsWorker.Client;
using PartsWorker.Publishing;

namespace PartsWorker.Tests.Publishing;

/// <summary>Odd files and folders that change under the watch: it names them and continues.</summary>
public sealed class WatchSurvivesTests : IDisposable
{
    private readonly RawFolder _folder = new();
    private readonly WatchBench _bench;

    public WatchSurvivesTests() => _bench = new WatchBench(_folder.Path);

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_name_that_is_not_UTF8_is_published_and_stops_nothing()
    {
        _folder.Write("teil_\u00FC.jpg", [1]);
        _folder.CreateFolder("Geh\u00E4use");
        _folder.Write("Geh\u00E4use/2.jpg", [2]);
        _folder.Write("3.jpg", [3]);
        await _bench.ScanAsync(3);

        Assert.Equal(
            [$"file://{_folder.Path}/3.jpg", $"file://{_folder.Path}/Geh%E4use/2.jpg", $"file://{_folder.Path}/teil_%FC.jpg"],
            _bench.Published.Select(r => r.Uri).Order(StringComparer.Ordinal));
        Assert.Empty(_bench.Lines);

        _bench.Restart();
        await _bench.ScanAsync(3);
        Assert.Equal(3, _bench.Published.Count);
    }

    [Fact]
    public async Task A_name_that_no_reference_may_hold_is_named_once_and_the_others_are_published()
    {
        _folder.Write("a\\b.jpg", [1]);
        _folder.Write("line\nbreak.jpg", [2]);
        _folder.Write("ok.jpg", [3]);
        await _bench.ScanAsync(20);
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        await _bench.ScanAsync(3);

        Assert.Equal(["ok.jpg"], _bench.Names);
        Assert.Equal(2, _bench.Lines.Count);
        Assert.Contains(_bench.Lines, l => l.Contains("line\\u000Abreak.jpg: control characters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reference_that_the_contract_refuses_is_named_once_and_rarely_tried_again()
    {
        var attempts = 0;
        _bench.Publish = reference =>
        {
            attempts++;
            throw new PublishFailedException(reference.ImageId, "uri: must have 1 to 2048 characters", isPermanent: true);
        };
        _folder.Write("1.jpg", [1]);
        _folder.Write("2.jpg", [1]);
        await _bench.ScanAsync(120);
        Assert.Equal(2, attempts);
        Assert.Equal(2, _bench.Lines.Count);
    }

    [Fact]
    public async Task Files_and_folders_that_vanish_during_a_scan_are_forgotten_in_silence()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sub"));
        foreach (var name in new[] { "1.jpg", "2.jpg", "sub/3.jpg", "4.jpg" })
        {
            _folder.Write(name, [(byte)name[^5]]);
        }

        _bench.Publish = _ =>
        {
            File.Delete(Path.Combine(_folder.Path, "2.jpg"));
            if (Directory.Exists(Path.Combine(_folder.Path, "sub")))
            {
                Directory.Delete(Path.Combine(_folder.Path, "sub"), recursive: true);
            }

            return Task.CompletedTask;
        };
        await _bench.ScanAsync(4);

        Assert.Equal(["1.jpg", "4.jpg"], _bench.Names);
        Assert.Empty(_bench.Lines);
    }

    [Fact]
    public async Task A_pipe_and_a_circle_of_links_are_named_once_and_do_not_block()
    {
        using (var made = Process.Start("mkfifo", Path.Combine(_folder.Path, "pipe.jpg")))
        {
            await made.WaitForExitAsync();
        }

        File.CreateSymbolicLink(Path.Combine(_folder.Path, "circle.jpg"), "circle.jpg");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "nowhere.jpg"), "gone.jpg");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "self"), ".");
        _folder.Write("1.jpg", [1]);
        await _bench.ScanAsync(10);

        Assert.Equal(["1.jpg"], _bench.Names);
        Assert.Equal(2, _bench.Lines.Count);
        Assert.Contains(_bench.Lines, l => l.Contains("not a regular file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mount_that_goes_away_and_returns_is_waited_for_and_not_published_again()
    {
        var (root, away) = (Path.Combine(_folder.Path, "cams"), Path.Combine(_folder.Path, "away"));
        Directory.CreateDirectory(Path.Combine(root, "cam-1"));
        Directory.CreateDirectory(Path.Combine(root, "cam-2"));
        File.WriteAllText(Path.Combine(root, "cam-1", "1.jpg"), "one");
        using var bench = new WatchBench(root);
        await bench.ScanAsync(2);

        // Unmounted, the mount point is an empty folder; a share that does not answer is no folder at all.
        Directory.Move(Path.Combine(root, "cam-1"), away);
        Directory.CreateDirectory(Path.Combine(root, "cam-1"));
        File.WriteAllText(Path.Combine(root, "cam-2", "2.jpg"), "two");
        await bench.ScanAsync(3);
        bench.Restart();
        await bench.ScanAsync(2);
        Directory.Delete(Path.Combine(root, "cam-1"));
        await bench.ScanAsync(2);
        Directory.Move(away, Path.Combine(root, "cam-1"));
        File.WriteAllText(Path.Combine(root, "cam-1", "3.jpg"), "three");
        await bench.ScanAsync(4);

        Assert.Equal(["1.jpg", "2.jpg", "3.jpg"], bench.Names);
        Assert.Empty(bench.Lines);
    }

    [Fact]
    public async Task A_watched_folder_that_is_away_does_not_stop_the_others()
    {
        var (here, away) = (Directory.CreateDirectory(Path.Combine(_folder.Path, "here")).FullName, Path.Combine(_folder.Path, "later"));
        File.WriteAllText(Path.Combine(here, "1.jpg"), "one");
        using var bench = new WatchBench(here, away);
        await bench.ScanAsync(4);
        Assert.Equal(["1.jpg"], bench.Names);
        Assert.Contains("waiting for it", Assert.Single(bench.Lines), StringComparison.Ordinal);

        Directory.CreateDirectory(away);
        File.WriteAllText(Path.Combine(away, "2.jpg"), "two");
        await bench.ScanAsync(3);
        Assert.Equal(["1.jpg", "2.jpg"], bench.Names);
        Assert.Contains("can be read again", bench.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_folders_excluded_names_and_other_files_are_skipped_named_once_and_counted()
    {
        string[] names =
        [
            "1.jpg", "@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg", "#recycle/old.jpg", "lost+found/x.jpg", ".snapshot/1.jpg", "sub/@eaDir/2.jpg",
            "._1.jpg", ".DS_Store", "Thumbs.db", "2.jpg.part", "a.txt", "b.txt", "thumbs/1.jpg", "3_preview.jpg", "sub/raw/4.jpg",
            "sub/5.jpg",
        ];
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder.Path, name))!);
            File.WriteAllText(Path.Combine(_folder.Path, name), name);
        }

        using var bench = new WatchBench(new FileFilter(["THUMBS", "*_preview.*", "sub/raw"]), _folder.Path);
        await bench.ScanAsync(4);

        Assert.Equal(["1.jpg", "5.jpg"], bench.Names.Order(StringComparer.Ordinal));
        Assert.Equal(2, bench.Lines.Count(l => l.Contains("@eaDir: a helper folder", StringComparison.Ordinal)));
        Assert.Single(bench.Lines, l => l.Contains(".txt is not an image ending", StringComparison.Ordinal));
        Assert.Equal(11, bench.Skipped);
    }
}

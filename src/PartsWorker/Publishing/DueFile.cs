using PartsWorker.Client;
using PartsWorker.Files;
using PartsWorker.References;

namespace PartsWorker.Publishing;

internal enum DueOutcome
{
    /// <summary>It is published, was published before, or is gone.</summary>
    Done,

    /// <summary>It stays pending until its next attempt.</summary>
    Waits,

    /// <summary>No file can be published at the moment.</summary>
    SpoolRefuses,
}

/// <summary>Publishes one file that has not changed for the settle time. A problem is reported once, and the file is tried again.</summary>
internal sealed class DueFile(
    PublishRequest request, WatchMemory memory, Func<ImageReference, Lane, CancellationToken, Task> publish, PublishReport report,
    TimeProvider time)
{
    private const int MostReports = 10_000;

    // An upload begins as an empty file, its first or last block may be late, and some cameras write no end: published after a while.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private bool _spoolRefuses;
    private bool _clockReported;

    public async Task<DueOutcome> TryAsync(string path, PendingFile file, CancellationToken ct)
    {
        try
        {
            return await PublishAsync(path, file, ct);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return DueOutcome.Done;
        }
        catch (FileChangedException)
        {
            file.Restart(file.Version, request.Settle, time);
        }
        catch (PublishFailedException error) when (!error.IsPermanent)
        {
            if (!_spoolRefuses)
            {
                report.Fail(path, $"{error.Message}; trying again");
            }

            _spoolRefuses = true;
            return DueOutcome.SpoolRefuses;
        }
        catch (Exception error) when (error is PublishFailedException or FileRefusedException)
        {
            ReportOnce(path, error.Message);
            file.PostponeLong(time);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            ReportOnce(path, $"{error.Message}; trying again");
            file.Postpone(time);
        }

        return DueOutcome.Waits;
    }

    /// <summary>A line for the first problem of a file; bounded, so that a folder of refused files does not fill memory.</summary>
    public void ReportOnce(string path, string problem)
    {
        if (_reported.Count < MostReports && _reported.Add(path))
        {
            report.Fail(path, problem);
        }
    }

    private async Task<DueOutcome> PublishAsync(string path, PendingFile file, CancellationToken ct)
    {
        var status = Disk.StatusOf(path) ?? throw new FileNotFoundException();
        if (!FileVersion.Of(status).IsSame(file.Version))
        {
            file.Restart(FileVersion.Of(status), request.Settle, time);
            return DueOutcome.Waits;
        }

        var finished = FinishedFile.Check(path);
        if (finished.IsWritten || (finished.Missing is not null && time.GetElapsedTime(file.Since) < Patience))
        {
            file.Wait(request.Settle / 2, time);
            return DueOutcome.Waits;
        }

        var described = new PublishFile(path, file.Root, CaptureTime.Of(status, time.GetUtcNow()));
        var reference = await PublishedReference.DescribeAsync(described, request, ct);
        var content = PublishedFile.ContentOf(reference.Sha256!);
        if (!IsPublished(path, file.Version, content))
        {
            await publish(reference, request.Lane, ct);
            ReportDone(described, status, reference, finished.Missing);
        }

        memory.Remember(path, file.Version, content);
        return DueOutcome.Done;
    }

    private TimeSpan Patience => 10 * request.Settle is var patience && patience > LeastPatience ? patience : LeastPatience;

    // Touched, restored or copied over itself; or renamed: the same content with the same time, and its former path is gone.
    private bool IsPublished(string path, FileVersion version, UInt128 content)
    {
        if (memory.Find(path)?.Content == content)
        {
            return true;
        }

        if (memory.FindContent(content, version.ModifiedTicks) is not { } former || Disk.StatusOf(former) is not null)
        {
            return false;
        }

        memory.Forget(former);
        return true;
    }

    private void ReportDone(PublishFile file, DiskStatus status, ImageReference reference, string? missing)
    {
        _spoolRefuses = false;
        _reported.Remove(file.Path);
        report.Done(file, reference);
        if (missing is not null)
        {
            report.Notice(
                $"{PathBytes.Printable(file.Path)}: published although {missing}: it has not changed for {Patience.TotalSeconds:0} s");
        }

        if (!_clockReported && !CaptureTime.IsPlausible(status.Modified, time.GetUtcNow()))
        {
            _clockReported = true;
            report.Notice($"{PathBytes.Printable(file.Path)} is dated {status.Modified:yyyy-MM-dd}: check the clock of the camera; "
                + "such images get the time at which their file appeared");
        }
    }
}

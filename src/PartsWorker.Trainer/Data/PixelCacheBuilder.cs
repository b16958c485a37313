using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Decodes a data set into a <see cref="PixelCache"/>, or opens an existing one. The file name is a hash over the content and class of
/// every image, the size, the decoder and the rule for 16 bits, so that changed data never uses an old cache.
/// </summary>
internal sealed class PixelCacheBuilder(DataFolder data, string cacheFolder, int size, IImageDecoder decoder, string? sixteenBit = null)
{
    private readonly int _imageBytes = size * size * 3;

    /// <param name="progress">Receives the number of images decoded so far.</param>
    /// <param name="cancel">Stops between two images; partial files are deleted.</param>
    public PixelCache Build(IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(cacheFolder);
        var name = Path.Combine(cacheFolder, $"{Key(cancel)[..24]}-{size}");
        var (pixels, index) = (name + ".rgb", name + ".json");
        if (!File.Exists(pixels) || !File.Exists(index))
        {
            Decode(pixels, index, progress, cancel);
        }

        var skipped = JsonSerializer.Deserialize<Dictionary<int, string>>(File.ReadAllText(index))!;
        var kept = data.Images.Where((_, i) => !skipped.ContainsKey(i)).ToList();
        if (kept.Count == 0)
        {
            throw new UserErrorException(
                $"{data.Path}: could not read any of its {data.Images.Count} images; the first error: {skipped[0]}", exitCode: 1);
        }

        return new(pixels, size, kept, [.. skipped.OrderBy(s => s.Key).Select(s => new SkippedImage(data.Images[s.Key].Path, s.Value))]);
    }

    private string Key(CancellationToken cancel)
    {
        var hashes = new byte[data.Images.Count][];
        Parallel.For(0, hashes.Length, new() { CancellationToken = cancel }, i => hashes[i] = HashOf(data.Images[i]));
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(Encoding.UTF8.GetBytes($"letterbox {size} {decoder.Name} {SixteenBitRule.Parse(sixteenBit).Name}"));
        for (var i = 0; i < hashes.Length; i++)
        {
            all.AppendData(hashes[i]);
            all.AppendData(BitConverter.GetBytes(data.Images[i].ClassId));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static byte[] HashOf(LabeledImage image)
    {
        try
        {
            using var stream = File.OpenRead(image.Path);
            return SHA256.HashData(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Decoding reports this image; here it only needs a key that differs from that of a readable file.
            return Encoding.UTF8.GetBytes(image.Path);
        }
    }

    private void Decode(string pixels, string index, IProgress<int>? progress, CancellationToken cancel)
    {
        var temporary = $"{pixels}.{Environment.ProcessId}.tmp";
        try
        {
            var reasons = DecodeAll(temporary, progress, cancel);
            File.WriteAllText(index + ".tmp", JsonSerializer.Serialize(reasons));
            File.Move(index + ".tmp", index, overwrite: true);
            File.Move(temporary, pixels, overwrite: true);
        }
        catch (Exception error) when (WriteError(error) is not null)
        {
            throw new UserErrorException(
                $"{cacheFolder}: could not write the decoded images ({WriteError(error)!.Message}); "
                    + $"they need {(long)_imageBytes * data.Images.Count / 1_000_000} MB; choose another folder with --cache",
                1,
                error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // On several cores it comes inside an AggregateException, once per core.
    private static Exception? WriteError(Exception error) => error switch
    {
        IOException or UnauthorizedAccessException => error,
        AggregateException several => several.InnerExceptions.FirstOrDefault(e => e is IOException or UnauthorizedAccessException),
        _ => null,
    };

    /// <summary>Decodes on all cores, each image at its own offset, then removes the gaps of unreadable images.</summary>
    private SortedDictionary<int, string> DecodeAll(string temporary, IProgress<int>? progress, CancellationToken cancel)
    {
        using var preprocessor = new Preprocessor(decoder, new() { Size = size, SixteenBit = sixteenBit }, new());
        using var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, (long)_imageBytes * data.Images.Count);
        var reasons = new SortedDictionary<int, string>();
        var done = 0;
        Parallel.For(0, data.Images.Count, new() { CancellationToken = cancel }, () => new byte[_imageBytes], (i, _, buffer) =>
        {
            if (TryPrepare(preprocessor, data.Images[i].Path, buffer) is { } reason)
            {
                lock (reasons)
                {
                    reasons[i] = reason;
                }
            }

            RandomAccess.Write(file, buffer, (long)i * _imageBytes);
            progress?.Report(Interlocked.Increment(ref done));
            return buffer;
        }, _ => { });
        CloseGaps(file, reasons);
        return reasons;
    }

    private static string? TryPrepare(Preprocessor preprocessor, string path, byte[] buffer)
    {
        try
        {
            preprocessor.Prepare(File.ReadAllBytes(path), buffer);
            return null;
        }
        catch (Exception error) when (
            error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    private void CloseGaps(SafeFileHandle file, SortedDictionary<int, string> gaps)
    {
        if (gaps.Count == 0)
        {
            return;
        }

        var buffer = new byte[_imageBytes];
        var next = gaps.Keys.First();
        for (var i = next; i < data.Images.Count; i++)
        {
            if (gaps.ContainsKey(i))
            {
                continue;
            }

            RandomAccess.Read(file, buffer, (long)i * _imageBytes);
            RandomAccess.Write(file, buffer, (long)next++ * _imageBytes);
        }

        RandomAccess.SetLength(file, (long)next * _imageBytes);
    }
}

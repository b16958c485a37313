using Npgsql;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Failures;
using PartsWorker.References;
using PartsWorker.Serving;

namespace PartsWorker.Comparing;

/// <summary>
/// Classifies images of the database again in two precisions of one bundle. Rows cannot be compared, because an image has one row per
/// model.
/// </summary>
internal sealed class PrecisionDiffReader(NpgsqlDataSource source, DateTimeOffset from, DateTimeOffset to, int limit)
{
    // In the order of the random ids, a limit is a fair sample of the window.
    private const string Sample = """
        SELECT i.image_id, i.uri, review.review_id IS NOT NULL, review.class
        FROM images AS i LEFT JOIN LATERAL (
            SELECT r.review_id, r.class FROM reviews AS r WHERE r.image_id = i.image_id AND r.captured_at = i.captured_at
            ORDER BY r.review_id DESC LIMIT 1) AS review ON true
        WHERE i.captured_at >= $1 AND i.captured_at < $2 ORDER BY i.image_id LIMIT $3
        """;

    /// <summary>Images that could not be read, and why the first of them could not.</summary>
    public (int Count, string? Reason) NotRead { get; private set; }

    public async Task<List<SampledImage>> SampleAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Sample);
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(to);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var images = new List<SampledImage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            images.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetBoolean(2), await reader.IsDBNullAsync(3, cancellationToken)
                    ? null : reader.GetString(3)));
        }

        return images;
    }

    /// <summary>Classifies images in both precisions; leaves out those that cannot be read.</summary>
    public async Task<List<PrecisionAnswers>> ClassifyAsync(
        IReadOnlyList<SampledImage> images, ImageFetcher fetcher, IServedModel a, IServedModel b, CancellationToken cancellationToken)
    {
        using var runs = new Pair(a.Rent(), b.Rent());
        var answers = new List<PrecisionAnswers>();
        foreach (var image in images)
        {
            try
            {
                using var fetched = await fetcher.FetchAsync(image.Uri, sha256: null, cancellationToken);
                var (nameA, confidenceA) = Classify(a, runs.A, fetched.Bytes.Span);
                var (nameB, confidenceB) = Classify(b, runs.B, fetched.Bytes.Span);
                DiffExample example = new(image.ImageId, image.Uri, nameA, confidenceA, nameB, confidenceB);
                answers.Add(new(example, image.Reviewed, image.Review));
            }
            catch (Exception error) when (error is PartFailureException or UnreadableImageException or ImageTooLargeException)
            {
                NotRead = (NotRead.Count + 1, NotRead.Reason ?? error.Message);
            }
        }

        return answers;
    }

    private static (string? Name, double Confidence) Classify(IServedModel model, IModelRun run, ReadOnlySpan<byte> encoded)
    {
        model.Prepare(encoded, run.Slot(0));
        run.Classify(1);
        var verdict = run.Verdict(0);
        return (verdict.ClassId is { } id ? model.ClassNames[id] : null, verdict.Confidence);
    }

    private sealed record Pair(IModelRun A, IModelRun B) : IDisposable
    {
        public void Dispose()
        {
            A.Dispose();
            B.Dispose();
        }
    }
}

/// <summary>An image of the window and its newest review.</summary>
internal sealed record SampledImage(Guid ImageId, string Uri, bool Reviewed, string? Review);

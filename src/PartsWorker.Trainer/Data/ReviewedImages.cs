using Npgsql;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Reads reviewed images from the worker's database: each image with the class of its newest review. Reviews without a class (the image
/// shows no known part) are left out.
/// </summary>
internal sealed class ReviewedImages(NpgsqlDataSource source, ReviewWindow window)
{
    // A reviewer may use the classes of any registered model; the newest model that has the class gives its color and shape.
    private const string Newest = """
        SELECT newest.review_id, newest.class, newest.uri, newest.captured_at, known.color, known.shape
        FROM (
            SELECT DISTINCT ON (r.captured_at, r.image_id) r.review_id, r.class, i.uri, r.captured_at, r.image_id
            FROM reviews AS r JOIN images AS i USING (image_id, captured_at)
            WHERE r.captured_at >= $1 AND r.captured_at < $2
            ORDER BY r.captured_at, r.image_id, r.review_id DESC) AS newest
        CROSS JOIN LATERAL (
            SELECT c.color, c.shape FROM model_classes AS c JOIN models USING (model)
            WHERE c.class = newest.class ORDER BY models.registered_at DESC LIMIT 1) AS known
        ORDER BY newest.captured_at, newest.image_id
        """;

    private const string ActiveClasses = """
        SELECT class_id, class, color, shape FROM model_classes
        WHERE model = (SELECT coalesce((SELECT model FROM serving), (SELECT model FROM models ORDER BY registered_at DESC LIMIT 1)))
        ORDER BY class_id
        """;

    /// <summary>The reviewed images whose files exist, by capture time; <paramref name="skipped"/> receives the others.</summary>
    /// <exception cref="UserErrorException">A review names a class that is not in the labels.</exception>
    public async Task<IReadOnlyList<LabeledImage>> ReadAsync(
        LabelSet labels, ICollection<SkippedImage> skipped, CancellationToken cancellationToken)
    {
        var ids = labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var reviews = await ReadReviewsAsync(skipped, cancellationToken);
        return [.. reviews.Select(r => new LabeledImage(
            r.Path,
            ids.TryGetValue(r.Class, out var id) ? id : throw new UserErrorException(
                $"review {r.Id}: its class \"{r.Class}\" is not in the labels; "
                    + "add the class, or choose a time range without it (--reviews-from, --reviews-to)")))];
    }

    /// <summary>The same images with the class as the review names it, whether or not some labels contain it.</summary>
    public async Task<IReadOnlyList<Review>> ReadReviewsAsync(ICollection<SkippedImage> skipped, CancellationToken cancellationToken)
    {
        var reviews = new List<Review>();
        await using var command = source.CreateCommand(Newest);
        command.Parameters.AddWithValue(window.From);
        command.Parameters.AddWithValue(window.To);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var uri = reader.GetString(2);
            if (Problem(uri) is { } problem)
            {
                skipped.Add(new(uri, problem));
                continue;
            }

            reviews.Add(new(
                reader.GetInt64(0),
                new Uri(uri).LocalPath,
                reader.GetString(1),
                reader.GetString(4),
                reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return reviews;
    }

    /// <summary>The classes of the active model, or else of the newest registered model.</summary>
    public async Task<LabelSet> ReadLabelsAsync(CancellationToken cancellationToken)
    {
        var rows = new List<(int Id, string Name, string Color, string Shape)>();
        await using var command = source.CreateCommand(ActiveClasses);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        var (colors, shapes) = (Names(rows.Select(r => r.Color)), Names(rows.Select(r => r.Shape)));
        var labels = new LabelSet
        {
            Colors = colors,
            Shapes = shapes,
            Classes = [.. rows.Select(r => new PartClass(r.Id, r.Name, Array.IndexOf(colors, r.Color), Array.IndexOf(shapes, r.Shape)))],
        };
        return labels.FirstProblem() is { } problem
            ? throw new UserErrorException(
                $"the database has no usable classes ({problem}); register a model with partsworker models register, or give --data")
            : labels;
    }

    private static string[] Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string? Problem(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || !parsed.IsFile)
        {
            return "only file references can be read back";
        }

        return File.Exists(parsed.LocalPath) ? null : "the file is gone";
    }
}

/// <summary>The range of capture times.</summary>
/// <param name="From">Start, inclusive.</param>
/// <param name="To">End, exclusive.</param>
internal sealed record ReviewWindow(DateTimeOffset From, DateTimeOffset To);

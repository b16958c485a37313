using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Registry;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>Rows as workers write them, for images that exist: the golden images of the bundle.</summary>
internal sealed class BoardData
{
    private readonly TestDatabase _database;
    private readonly string[] _files;

    private BoardData(TestDatabase database, string[] files, string model) => (_database, _files, Model) = (database, files, model);

    /// <summary>The active model, registered with all its classes.</summary>
    public string Model { get; }

    public static async Task<BoardData> CreateAsync(TestDatabase database, DirectoryInfo images)
    {
        var bundle = ModelBundle.Open(Repository.Bundle);
        var files = bundle.ReadGolden().Images.Select(image => Path.Combine(images.FullName, Path.GetFileName(image.File))).ToArray();
        foreach (var file in files)
        {
            File.Copy(Path.Combine(Repository.Bundle, "golden", Path.GetFileName(file)), file);
        }

        var registry = new ModelRegistry(database.Source);
        await registry.RegisterAsync(bundle, CancellationToken.None);
        await registry.ActivateAsync(bundle.Key, CancellationToken.None);
        return new BoardData(database, files, bundle.Key);
    }

    /// <summary>Adds images of line A, camera cam-1, one per second back from now, each with its row of the active model.</summary>
    /// <param name="count">How many.</param>
    /// <param name="doubt">Whether the rows need review: low confidence.</param>
    /// <param name="uri">Their reference instead of a golden image.</param>
    /// <returns>Their ids, newest first.</returns>
    public async Task<IReadOnlyList<Guid>> AddAsync(int count, bool doubt = false, string? uri = null)
    {
        await _database.ExecuteAsync("SELECT ensure_partitions(now()); SELECT ensure_partitions(now() - interval '1 day')");
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        await using var command = _database.Source.CreateCommand(Insert);
        command.Parameters.AddWithValue(ids);
        command.Parameters.AddWithValue(ids.Select((_, i) => uri ?? new Uri(_files[i % _files.Length]).AbsoluteUri).ToArray());
        command.Parameters.AddWithValue(Model);
        command.Parameters.AddWithValue(doubt ? 0.6f : 0.97f);
        await command.ExecuteNonQueryAsync();
        return ids;
    }

    /// <summary>Removes all images and their rows; a board that has shown them must be restarted.</summary>
    public Task ClearAsync() => _database.ExecuteAsync("TRUNCATE images, classifications, reviews");

    private const string Insert = """
        WITH new AS (
            SELECT n.id, n.uri, now() - n.i * interval '1 second' AS captured_at, n.i, k.class_id, k.class, k.color, k.shape
            FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS n (id, uri, i)
            JOIN model_classes AS k ON k.model = $3 AND k.class_id = n.i % 8),
        stored AS (
            INSERT INTO images (image_id, captured_at, line, camera, uri, width, height, published_at, attributes)
            SELECT id, captured_at, 'A', 'cam-1', uri, 128, 128, captured_at, jsonb_build_object('order', (i % 3)::text) FROM new)
        INSERT INTO classifications (
            image_id, captured_at, model, line, camera, lane, shadow, decision, class_id, class, confidence, color, color_confidence, shape,
            shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5, attempts, worker, received_at)
        SELECT id, captured_at, $3, 'A', 'cam-1', 'live', false, 'accepted', class_id, class, $4, color, 0.9, shape, 0.9, 0.8, class, class,
               'both', (
                   SELECT jsonb_agg(jsonb_build_object('class', c.class, 'confidence', 0.5, 'similarity', 0.5))
                   FROM model_classes AS c WHERE c.model = $3 AND c.class_id BETWEEN new.class_id AND new.class_id + 4),
               1, 'worker-1', captured_at
        FROM new
        """;
}

using PartsWorker.Bundles.Bundle;
using PartsWorker.Harness;
using PartsWorker.IntegrationTests.Support;
using PartsWorker.Registry;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>Rows as workers write them, for images that exist: the golden images of the bundle.</summary>
internal sealed class BoardData
{
    /// <summary>The second bundle of the repository.</summary>
    public static readonly string Shadow = Repository.DemoBundleKey;

    private readonly TestDatabase _database;
    private readonly string[] _files;

    private BoardData(TestDatabase database, string[] files, string model) => (_database, _files, Model) = (database, files, model);

    /// <summary>References of the images.</summary>
    public IReadOnlyList<string> Uris => [.. _files.Select(file => new Uri(file).AbsoluteUri)];

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

        var data = new BoardData(database, files, bundle.Key);
        await data.RegisterAsync(withShadow: false);
        return data;
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

    /// <summary>
    /// Adds images of two weeks, three lines and four cameras: one in ten in doubt, one in thirty unknown, one in fifty
    /// reviewed, and one in four also classified by a shadow model.
    /// </summary>
    public async Task FillAsync(int count)
    {
        await _database.ExecuteAsync("SELECT ensure_partitions(now()); SELECT ensure_partitions(now() - interval '15 days')");
        await using var command = _database.Source.CreateCommand(Fill);
        command.Parameters.AddWithValue(count);
        command.Parameters.AddWithValue(Uris.ToArray());
        command.Parameters.AddWithValue(Model);
        command.Parameters.AddWithValue(Shadow);
        await command.ExecuteNonQueryAsync();
        await _database.ExecuteAsync(Review);
        await _database.ExecuteAsync("ANALYZE images, classifications, reviews");
    }

    /// <summary>Removes all models too, as before the first one was registered.</summary>
    public Task ForgetModelsAsync() => _database.ExecuteAsync("""
        UPDATE serving SET model = NULL;
        UPDATE serving SET previous_model = NULL;
        DELETE FROM model_changes;
        DELETE FROM model_classes;
        DELETE FROM models
        """);

    /// <summary>Registers and activates the model, and registers another one as its shadow.</summary>
    public async Task RegisterAsync(bool withShadow)
    {
        var registry = new ModelRegistry(_database.Source);
        await registry.RegisterAsync(ModelBundle.Open(Repository.Bundle), CancellationToken.None);
        await registry.ActivateAsync(Model, CancellationToken.None);
        if (withShadow)
        {
            await registry.RegisterAsync(ModelBundle.Open(Repository.DemoBundle), CancellationToken.None);
            await _database.ExecuteAsync($"UPDATE serving SET shadow_model = '{Shadow}', shadow_share = 0.25");
        }
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

    // One in three is captured within the last hour, so that the page Live has a full hour too.
    private const string Fill = """
        WITH classes AS (
            SELECT k.class, k.color, k.shape, k.class_id, row_number() OVER (ORDER BY k.class_id) - 1 AS number, count(*) OVER () AS total
            FROM model_classes AS k WHERE k.model = $3),
        new AS (
            SELECT gen_random_uuid() AS id, g.i, k.*, ($2::text[])[1 + g.i % cardinality($2::text[])] AS uri,
                   now() - CASE WHEN g.i % 3 = 0 THEN interval '1 hour' ELSE interval '14 days' END * (g.i::float8 / $1) AS captured_at,
                   (ARRAY['A', 'B', 'C'])[1 + g.i % 3] AS line, 'cam-' || (1 + g.i % 4) AS camera
            FROM generate_series(1, $1) AS g (i) JOIN classes AS k ON k.number = (g.i * 7919) % k.total),
        stored AS (
            INSERT INTO images (image_id, captured_at, line, camera, uri, width, height, published_at, stored_at, attributes)
            SELECT id, captured_at, line, camera, uri, 128, 128, captured_at, captured_at + interval '0.4 s',
                   jsonb_build_object('order', (4000 + i % 50)::text) FROM new),
        rows AS (
            SELECT n.*, $3 AS model, false AS shadow, n.i % 30 = 0 AS unknown FROM new AS n
            UNION ALL
            SELECT n.*, $4, true, n.i % 24 = 0 FROM new AS n WHERE n.i % 4 = 0),
        classified AS (
            INSERT INTO classifications (
                image_id, captured_at, model, line, camera, lane, shadow, decision, class_id, class, confidence, color, color_confidence,
                shape, shape_confidence, max_similarity, top1_class, filter_class, filter_path, top5, attempts, worker, received_at,
                classified_at)
            SELECT id, captured_at, model, line, camera, 'live', shadow, CASE WHEN unknown THEN 'unknown' ELSE 'accepted' END,
                   CASE WHEN NOT unknown THEN class_id END, CASE WHEN NOT unknown THEN class END,
                   CASE WHEN unknown THEN 0.3 + i % 13 * 0.01 WHEN i % 10 = 0 THEN 0.6 + i % 17 * 0.01 ELSE 0.9 + i % 10 * 0.01 END,
                   color, 0.9, shape, 0.9, CASE WHEN unknown THEN 0.35 ELSE 0.8 END, class, class, 'both', (
                       SELECT jsonb_agg(jsonb_build_object('class', c.class, 'confidence', 0.5 / (1 + c.number), 'similarity', 0.5))
                       FROM classes AS c WHERE c.number < 5),
                   1, 'worker-' || (1 + i % 2), captured_at + interval '0.1 s', captured_at + interval '0.4 s'
            FROM rows)
        SELECT count(*) FROM new
        """;

    // Mostly the answer of the model, sometimes another class, sometimes none.
    private const string Review = """
        INSERT INTO reviews (image_id, captured_at, class, reviewed_at)
        SELECT c.image_id, c.captured_at, CASE n.i % 7 WHEN 0 THEN NULL WHEN 1 THEN c.top5 -> 1 ->> 'class' ELSE c.top1_class END,
               c.captured_at + interval '1 hour'
        FROM classifications AS c CROSS JOIN LATERAL (SELECT abs(hashtext(c.image_id::text)) / 50 AS i) AS n
        WHERE NOT c.shadow AND abs(hashtext(c.image_id::text)) % 50 = 0
        """;
}

using Npgsql;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Database;

public sealed class ViewTests : IAsyncLifetime
{
    private readonly Guid _image = Guid.NewGuid();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateWithModelsAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task The_current_row_is_the_active_models_and_moves_with_one_update()
    {
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@1"));
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@2"));

        await _database.ExecuteAsync("UPDATE serving SET model = 'parts@1'");
        Assert.Equal(["parts@1"], await CurrentAsync());
        await _database.ExecuteAsync("UPDATE serving SET model = 'parts@2'");
        Assert.Equal(["parts@2"], await CurrentAsync());
        await _database.ExecuteAsync("UPDATE serving SET model = previous_model");
        Assert.Equal(["parts@1"], await CurrentAsync());
    }

    [Fact]
    public async Task The_newest_other_row_is_shown_for_an_image_that_the_active_model_has_not_classified()
    {
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@2"));
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@1"));
        Assert.Equal(["parts@1"], await CurrentAsync());

        await _database.ExecuteAsync("UPDATE serving SET model = 'parts@3'");

        Assert.Equal(["parts@1"], await CurrentAsync());
    }

    [Fact]
    public async Task A_shadow_row_is_never_current_even_if_its_model_is_active()
    {
        await _database.WriteAsync(
            SomeResult.Row(_image, model: "parts@1"),
            SomeResult.Row(_image, model: "parts@2") with { Shadow = true },
            SomeResult.Row(model: "parts@2") with { Shadow = true });

        await _database.ExecuteAsync("UPDATE serving SET model = 'parts@2'");

        Assert.Equal(["parts@1"], await CurrentAsync());
    }

    [Fact]
    public async Task An_image_that_is_unknown_unsure_or_contradictory_needs_review_until_it_is_reviewed()
    {
        var (unknown, unsure, torn) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _database.WriteAsync(
            SomeResult.Row(_image), SomeResult.Unknown(unknown), SomeResult.Row(unsure) with { Confidence = 0.5f },
            SomeResult.Row(torn) with { FilterClass = "blue plate" });
        Assert.Equal(
            [$"low confidence|{unsure}", $"stages disagree|{torn}", $"unknown|{unknown}"],
            await _database.LinesAsync("SELECT reason, image_id FROM needs_review ORDER BY reason"));

        await _database.ExecuteAsync($"INSERT INTO reviews (image_id, class) VALUES ('{unknown}', NULL), ('{torn}', 'red plate')");

        Assert.Equal(["low confidence"], await _database.LinesAsync("SELECT reason FROM needs_review"));
    }

    [Fact]
    public async Task A_bad_picture_needs_review_with_its_fault_and_keeps_what_was_measured()
    {
        var (dark, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.WriteAsync(
            SomeResult.Row(_image),
            SomeResult.Unknown(unknown),
            SomeResult.Unknown(dark) with { Quality = new ImageQuality(20, 3, 11), Fault = QualityThresholds.Dark });
        Assert.Equal(
            ["bad picture|nearly black", "unknown|NULL"],
            await _database.LinesAsync("SELECT reason, fault FROM needs_review ORDER BY reason"));
        Assert.Equal(
            ["20|3|11|nearly black"],
            await _database.LinesAsync($"SELECT brightest, darkest, sharpness, fault FROM images WHERE image_id = '{dark}'"));
    }

    [Fact]
    public async Task Needs_review_looks_up_faults_by_key_and_never_reads_all_images()
    {
        var plan = await _database.LinesAsync("EXPLAIN (VERBOSE, COSTS OFF) SELECT reason, fault FROM needs_review");

        Assert.Contains(plan, line => line.Contains("SubPlan", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("hashed SubPlan", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no such class", "unknown class \"no such class\"")]
    [InlineData(null, "unknown image")]
    public async Task A_review_with_an_unknown_name_is_refused_with_a_clear_message(string? className, string says)
    {
        await _database.WriteAsync(SomeResult.Row(_image));
        await using var command = _database.Source.CreateCommand("INSERT INTO reviews (image_id, class) VALUES ($1, $2)");
        command.Parameters.AddWithValue(className is null ? Guid.NewGuid() : _image);
        command.Parameters.AddWithValue((object?)className ?? "red plate");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.StartsWith(says, refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lines_day_is_summed_up()
    {
        await _database.WriteAsync(
            SomeResult.Row(),
            SomeResult.Row(className: "blue plate"),
            SomeResult.Unknown(Guid.NewGuid()),
            SomeResult.Row() with { Line = "B" });

        Assert.Equal(
            ["A|3|2|1|1|2|1", "B|1|1|0|0|1|1"],
            await _database.LinesAsync(
                """
                SELECT line, parts, accepted, unknown, in_doubt, classes, cameras
                FROM daily_line_summary WHERE day = '2026-11-20' ORDER BY line
                """));
    }

    [Fact]
    public async Task Models_that_differ_are_shown_side_by_side()
    {
        var agreed = Guid.NewGuid();
        await _database.WriteAsync(
            SomeResult.Row(_image, model: "parts@1"), SomeResult.Row(
                _image, model: "parts@2", className: "blue plate") with { Shadow = true },
            SomeResult.Row(agreed, model: "parts@1"), SomeResult.Row(agreed, model: "parts@2"));

        Assert.Equal(
            [$"{_image}|parts@1|red plate|parts@2|blue plate"],
            await _database.LinesAsync("SELECT image_id, model_a, class_a, model_b, class_b FROM model_disagreement"));
    }

    [Fact]
    public async Task Drift_is_measured_against_the_week_before_or_the_week_that_was_chosen()
    {
        var day = SomeResult.Noon;
        await _database.WriteAsync(SomeResult.Row(capturedAt: day.AddDays(-40), className: "green plate"));
        await _database.WriteAsync([.. Enumerable.Range(1, 4).Select(back => SomeResult.Row(capturedAt: day.AddDays(-back)))]);
        await _database.WriteAsync(
            SomeResult.Row(),
            SomeResult.Row(className: "blue plate"),
            SomeResult.Row(className: "blue plate"),
            SomeResult.Unknown(Guid.NewGuid()));
        const string Sql =
            "SELECT parts, round(unknown_share, 2), reference_parts, class_mix_distance FROM camera_drift WHERE day = '2026-11-20'";

        Assert.Equal(["4|0.25|4|0.75"], await _database.LinesAsync(Sql));

        await _database.ExecuteAsync("INSERT INTO drift_reference VALUES ('A', 'cam-1', '2026-10-08')");
        Assert.Equal(["4|0.25|1|1"], await _database.LinesAsync(Sql));
    }

    [Fact]
    public async Task Every_table_column_view_and_function_has_a_comment()
    {
        Assert.Empty(await _database.LinesAsync("""
            SELECT c.relname, a.attname
            FROM pg_class AS c LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
              AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
            """));
    }

    private Task<List<string>> CurrentAsync() => _database.LinesAsync("SELECT model FROM latest_classification");
}

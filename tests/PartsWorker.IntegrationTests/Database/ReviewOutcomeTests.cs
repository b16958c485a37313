using PartsWorker.IntegrationTests.Support;

namespace PartsWorker.IntegrationTests.Database;

public sealed class ReviewOutcomeTests : IAsyncLifetime
{
    private readonly Guid _image = Guid.NewGuid();
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateWithModelsAsync();
        await _database.ExecuteAsync("UPDATE serving SET model = 'parts@1'");
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_review_is_compared_with_the_answer_of_the_model_that_was_active_then()
    {
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@1"));
        await _database.WriteAsync(
            SomeResult.Row(_image, model: "parts@2", className: "blue plate"),
            SomeResult.Row(_image, model: "parts@3", className: "blue plate") with { Shadow = true });
        await ReviewAsync(_image, "red plate");

        await _database.ExecuteAsync("UPDATE serving SET model = 'parts@2'");

        Assert.Equal(["parts@1|red plate|red plate|True"], await OutcomesAsync());
    }

    [Fact]
    public async Task The_newest_answer_counts_where_the_active_model_had_not_classified_the_image()
    {
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@3"));
        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@2", className: "blue plate"));
        await ReviewAsync(_image, "red plate");

        await _database.WriteAsync(SomeResult.Row(_image, model: "parts@1"));

        Assert.Equal(["parts@2|blue plate|red plate|False"], await OutcomesAsync());
    }

    [Fact]
    public async Task Only_the_newest_review_of_an_image_counts()
    {
        await _database.WriteAsync(SomeResult.Row(_image));
        await ReviewAsync(_image, "blue plate");
        await ReviewAsync(_image, "red plate");

        Assert.Equal(["parts@1|red plate|red plate|True"], await OutcomesAsync());
    }

    [Fact]
    public async Task Unknown_is_correct_only_for_an_image_of_none_of_the_known_classes()
    {
        var (foreign, known) = (Guid.NewGuid(), Guid.NewGuid());
        await _database.WriteAsync(SomeResult.Unknown(foreign), SomeResult.Unknown(known), SomeResult.Row(_image));
        await ReviewAsync(foreign, null);
        await ReviewAsync(known, "red plate");
        await ReviewAsync(_image, null);

        Assert.Equal(
            ["parts@1|NULL|NULL|True", "parts@1|NULL|red plate|False", "parts@1|red plate|NULL|False"],
            (await OutcomesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Readers_reviewers_and_operators_may_read_it()
    {
        foreach (var role in new[] { "partsworker_reader", "partsworker_reviewer", "partsworker_operator" })
        {
            await using var login = await _database.OpenAsAsync(role);
            await using var command = login.CreateCommand("SELECT count(*) FROM review_outcomes");
            Assert.Equal(0L, await command.ExecuteScalarAsync());
        }
    }

    private Task<List<string>> OutcomesAsync() =>
        _database.LinesAsync("SELECT model, answered_class, reviewed_class, correct FROM review_outcomes");

    private async Task ReviewAsync(Guid image, string? className)
    {
        await using var command = _database.Source.CreateCommand("INSERT INTO reviews (image_id, class) VALUES ($1, $2)");
        command.Parameters.AddWithValue(image);
        command.Parameters.AddWithValue((object?)className ?? DBNull.Value);
        await command.ExecuteNonQueryAsync();
    }
}

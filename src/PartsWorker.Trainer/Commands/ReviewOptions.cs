using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Npgsql;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary>
/// The data options of <c>train</c>, <c>export</c> and <c>evaluate</c>: a folder, reviewed images from the worker's database, or both.
/// </summary>
internal sealed class ReviewOptions
{
    public Option<bool> FromReviews { get; } = new("--from-reviews")
    {
        Description = "Also read reviewed images from the worker's database (ConnectionStrings__Postgres), with the class of the review.",
    };

    public Option<DateTimeOffset> From { get; } = Moment(
        "--reviews-from", "Use only images captured at or after this time", DateTimeOffset.UnixEpoch);

    public Option<DateTimeOffset> To { get; } = Moment(
        "--reviews-to", "Use only images captured before this time", new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IEnumerable<Option> All => [FromReviews, From, To];

    /// <param name="parsed">The command line.</param>
    /// <param name="path">Value of <c>--data</c>; optional with <c>--from-reviews</c>.</param>
    /// <param name="split">Value of <c>--split</c>.</param>
    /// <param name="labels">Value of <c>--labels</c>.</param>
    /// <param name="known">Labels to use without a folder; null = those of the active model in the database.</param>
    /// <param name="everyClass">Whether each class must have images, as training requires.</param>
    /// <param name="withoutLabels">Whether a folder without a label file is accepted.</param>
    public DataFolder Open(
        ParseResult parsed, string? path, string? split, string? labels = null, LabelSet? known = null, bool everyClass = true,
        bool withoutLabels = false)
    {
        var reviews = parsed.GetValue(FromReviews);
        if (!reviews)
        {
            return DataFolder.Open(
                path ?? throw new UserErrorException("no data; give --data FOLDER, --from-reviews, or both"),
                split,
                labels,
                everyClass,
                withoutLabels);
        }

        var folder = path is null ? null : DataFolder.Open(path, split, labels, everyClass: false, withoutLabels);
        return Add(Window(parsed), folder, known, everyClass);
    }

    /// <summary>The reviews of the given time range, for <c>refresh</c>; missing files are named and counted.</summary>
    public IReadOnlyList<Review> Read(ParseResult parsed) => Query(Window(parsed), async reviews =>
    {
        var skipped = new List<SkippedImage>();
        var found = await reviews.ReadReviewsAsync(skipped, CancellationToken.None);
        SkippedLines.Print(skipped);
        return found;
    });

    public static Option<DateTimeOffset> Moment(string name, string description, DateTimeOffset? otherwise = null) => new(name)
    {
        Description = $"{description} (2026-11-20 or 2026-11-20T22:00:00Z; UTC unless an offset is given).",
        DefaultValueFactory = otherwise is { } moment ? _ => moment : null,
        CustomParser = Parse,
    };

    private ReviewWindow Window(ParseResult parsed) => new(parsed.GetValue(From), parsed.GetValue(To));

    private static DataFolder Add(ReviewWindow window, DataFolder? folder, LabelSet? known, bool everyClass) =>
        Query(window, async reviews =>
        {
            folder ??= new("reviews in SQL", known ?? await reviews.ReadLabelsAsync(CancellationToken.None), []);
            var skipped = new List<SkippedImage>();
            var images = await reviews.ReadAsync(folder.Labels, skipped, CancellationToken.None);
            SkippedLines.Print(skipped);
            await Console.Error.WriteLineAsync($"{images.Count} reviewed image(s) and {folder.Images.Count} from --data");
            return DataFolder.Check(folder with { Images = [.. folder.Images, .. images] }, everyClass);
        });

    private static T Query<T>(ReviewWindow window, Func<ReviewedImages, Task<T>> read)
    {
        try
        {
            return QueryAsync(window, read).GetAwaiter().GetResult();
        }
        catch (NpgsqlException error)
        {
            throw new UserErrorException($"could not read the reviews: {error.Message.ReplaceLineEndings(" ")}", exitCode: 1, error);
        }
    }

    private static async Task<T> QueryAsync<T>(ReviewWindow window, Func<ReviewedImages, Task<T>> read)
    {
        await using var source = ReviewSource.Open();
        return await read(new(source, window));
    }

    private static DateTimeOffset Parse(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (
            DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
        {
            return moment;
        }

        argument.AddError($"'{text}' is not a date or time; expected 2026-11-20 or 2026-11-20T22:00:00Z");
        return default;
    }
}

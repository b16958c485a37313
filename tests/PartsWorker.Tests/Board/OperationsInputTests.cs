using PartsWorker.Board.DeadLetters;
using PartsWorker.Board.Models;
using PartsWorker.Board.Reprocessing;
using PartsWorker.Client;
using PartsWorker.DeadLetters;
using RabbitMQ.Client;

namespace PartsWorker.Tests.Board;

public sealed class OperationsInputTests
{
    private static readonly ReprocessInput Input = new(
        "parts@2.0.0", "2026-11-20T06:00", "2026-11-21T00:00", "A", "", null, "unknown", "0.5");

    [Fact]
    public void Values_of_the_address_become_a_request_in_UTC()
    {
        var request = Input.ToRequest();

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 6, 0, 0, TimeSpan.Zero), request.From);
        Assert.Equal(("A", null, null, "unknown", 0.5f), (
            request.Filter.Line, request.Filter.Camera, request.Filter.Class, request.Filter.Decision, request.Filter.MaxConfidence));
    }

    [Fact]
    public void Wrong_values_of_the_address_get_one_line()
    {
        ReprocessInput[] wrong =
        [
            Input with { Model = null }, Input with { From = "yesterday" }, Input with { To = "2026-11-20T05:00" },
            Input with { Decision = "maybe" }, Input with { MaxConfidence = "2" }, Input with { MaxConfidence = "NaN" },
        ];

        Assert.All(wrong, input => Assert.DoesNotContain('\n', Assert.Throws<UserErrorException>(input.ToRequest).Message));
    }

    [Fact]
    public void A_stored_run_gives_the_request_that_finds_it_again()
    {
        var request = Input.ToRequest();
        var run = new RunRow(
            1, request.Model, request.From, request.To, request.Filter.ToJson(), "publishing", 10, 5, 5, default, default, null,
            "otto", false);

        var again = ReprocessInput.OfRun(run);

        Assert.Equal(request, again);
        Assert.Equal("line A, decision unknown, confidence up to 0.5", ReprocessInput.Describe(run.FilterJson));
        Assert.True(run.IsStopped);
    }

    [Fact]
    public void The_command_line_for_a_request_quotes_what_a_shell_would_split()
    {
        var command = (Input with { Class = "it's; rm" }).ToCommand();

        Assert.Equal(
            "partsworker reprocess --from 2026-11-20T06:00 --to 2026-11-21T00:00 --model parts@2.0.0 --line A --class 'it'\\''s; rm' "
            + "--decision unknown --max-confidence 0.5",
            command);
    }

    [Fact]
    public void A_comparison_covers_a_month_at_most()
    {
        var now = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(now.AddDays(-1), DiffPage.ParseWindow(null, "", now).From);
        Assert.Throws<UserErrorException>(() => DiffPage.ParseWindow("2026-01-01T00:00", null, now));
        Assert.Throws<UserErrorException>(() => DiffPage.ParseWindow("x", null, now));
    }

    [Fact]
    public void Figures_of_a_bundle_are_its_numbers()
    {
        Assert.Equal(["a"], ModelsQueries.Numbers("""{"a":0.5,"b":"<b>","c":null}""").Keys);
        Assert.Empty(ModelsQueries.Numbers("[]"));
    }

    [Fact]
    public void A_confirmation_names_the_way_back()
    {
        Assert.Equal(
            "parts@2 will classify every new image from the next batch on; parts@1 can be restored by Roll back.",
            ModelConsequences.Activate("parts@2", "parts@1"));
    }

    [Fact]
    public void Equal_letters_have_keys_of_their_own_that_stay_the_same_at_the_next_reading()
    {
        var (first, second) = (Keys(), Keys());

        Assert.Equal(first, second);
        Assert.Equal(3, first.Distinct().Count());

        static string[] Keys()
        {
            Dictionary<string, int> seen = [];
            return [.. new[] { Letter("a"), Letter("a"), Letter("b") }.Select(letter => ListedLetter.Of(letter, seen).Key)];
        }
    }

    [Fact]
    public void A_letter_that_cannot_be_read_has_no_reference()
    {
        var listed = ListedLetter.Of(Letter("<svg>"), []);

        Assert.Equal((null, "<svg>"), (listed.Uri, listed.Body));
    }

    [Fact]
    public void Dead_letters_are_filtered_by_the_address()
    {
        var letter = ListedLetter.Of(Letter("a"), []);

        Assert.True(LetterFilter.Parse("missing-image", "", null, null).Matches(letter));
        Assert.False(LetterFilter.Parse("bad-message", null, null, null).Matches(letter));
        Assert.False(LetterFilter.Parse(null, "B", null, null).Matches(letter));
        Assert.Throws<UserErrorException>(() => LetterFilter.Parse(null, null, null, "../etc/passwd"));
    }

    private static DeadLetter Letter(string body) => new(
        1, null, "missing-image", "load", "no such file", 3, null, Lane.Live, "A", "cam-1", "image.live.A.cam-1", new BasicProperties(),
        System.Text.Encoding.UTF8.GetBytes(body));
}

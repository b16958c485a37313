using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>An auditor who overlooks something would make every run look clean.</summary>
public sealed class AuditorTests
{
    private readonly PlannedMessage _good = Message(Expectation.Row);
    private readonly PlannedMessage _bad = Message(Expectation.Dead("unreadable-image"));

    [Fact]
    public void What_is_where_it_must_be_is_clean()
    {
        var report = Compare(Rows((_good, 1)), Dead((_bad, "unreadable-image")));
        Assert.True(report.IsClean);
        Assert.Equal((2, 1, 1), (report.Published, report.Rows, report.Dead));
    }

    [Fact]
    public void What_is_nowhere_is_lost() => Assert.Equal(1, Compare(Rows(), Dead((_bad, "unreadable-image"))).Lost);

    [Fact]
    public void Two_rows_of_one_image_are_a_duplicate() =>
        Assert.Equal(1, Compare(Rows((_good, 2)), Dead((_bad, "unreadable-image"))).Duplicates);

    [Fact]
    public void A_row_and_a_dead_letter_of_one_image_are_a_duplicate() =>
        Assert.Equal(1, Compare(Rows((_good, 1)), Dead((_bad, "unreadable-image"), (_good, "missing-image"))).Duplicates);

    [Fact]
    public void A_good_image_in_the_dead_letters_is_misplaced() =>
        Assert.Single(Compare(Rows(), Dead((_bad, "unreadable-image"), (_good, "missing-image"))).Misplaced);

    [Fact]
    public void A_wrong_reason_is_misplaced() => Assert.Single(Compare(Rows((_good, 1)), Dead((_bad, "store-failure"))).Misplaced);

    [Fact]
    public void Further_copies_of_a_dead_letter_are_counted_apart() =>
        Assert.Equal(1, Compare(Rows((_good, 1)), Dead((_bad, "unreadable-image"), (_bad, "unreadable-image"))).RepeatedLetters);

    private static PlannedMessage Message(Expectation expected)
    {
        var id = Guid.NewGuid();
        return new(id, [], "image.live.A.cam-1", expected) { ImageId = id };
    }

    private static Dictionary<Guid, int> Rows(params (PlannedMessage Message, int Count)[] rows) =>
        rows.ToDictionary(r => r.Message.Id, r => r.Count);

    private static Dictionary<Guid, List<string>> Dead(params (PlannedMessage Message, string Reason)[] letters) =>
        letters.GroupBy(l => l.Message.Id).ToDictionary(g => g.Key, g => g.Select(l => l.Reason).ToList());

    private AuditReport Compare(Dictionary<Guid, int> rows, Dictionary<Guid, List<string>> dead) =>
        Auditor.Compare([_good, _bad], rows, dead, stillQueued: 0);
}

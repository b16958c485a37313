using PartsWorker.Tests.Rooms;

namespace PartsWorker.Trainer.Tests;

/// <summary>Holds the compiled code against the arrows that <c>src/ARCHITECTURE.md</c> allows.</summary>
public class RoomTests
{
    [Fact]
    public void Rooms_of_the_trainer_use_each_other_only_as_the_architecture_allows() =>
        RoomTable.Read("### PartsWorker.Trainer").AssertEquals(RoomArrows.Of(typeof(Dice).Assembly, "PartsWorker.Trainer"));

    [Fact]
    public void The_trainer_uses_other_projects_only_as_the_architecture_allows()
    {
        var allowed = RoomTable.Read("### Projects").Arrows.Where(arrow => arrow.From == "Trainer").Select(arrow => arrow.To).Order();

        Assert.Equal(allowed, RoomArrows.Projects(typeof(Dice).Assembly));
    }

    [Fact]
    public void No_arrow_leads_back() => Assert.Null(RoomTable.Read("### PartsWorker.Trainer").FindCycle());
}

using System.Reflection;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;
using PartsWorker.Inference;
using PartsWorker.Observability;
using PartsWorker.Tests.Rooms;

namespace PartsWorker.Tests;

/// <summary>Holds the compiled code against the arrows that <c>src/ARCHITECTURE.md</c> allows.</summary>
public class RoomTests
{
    private static readonly Assembly[] Projects =
        [typeof(WorkerState).Assembly, typeof(ImageReference).Assembly, typeof(BundleManifest).Assembly, typeof(InferenceOptions).Assembly];

    [Fact]
    public void Rooms_of_the_worker_use_each_other_only_as_the_architecture_allows() =>
        RoomTable.Read("### PartsWorker").AssertEquals(RoomArrows.Of(typeof(WorkerState).Assembly, "PartsWorker"));

    [Fact]
    public void Rooms_of_the_bundles_use_each_other_only_as_the_architecture_allows() =>
        RoomTable.Read("### PartsWorker.Bundles").AssertEquals(RoomArrows.Of(typeof(BundleManifest).Assembly, "PartsWorker.Bundles"));

    [Fact]
    public void Projects_use_each_other_only_as_the_architecture_allows()
    {
        var allowed = RoomTable.Read("### Projects").Arrows.Where(arrow => arrow.From != "Trainer").Order();

        Assert.Equal(allowed, Projects.SelectMany(Arrows).Order());
    }

    [Theory]
    [InlineData("### Projects")]
    [InlineData("### PartsWorker")]
    [InlineData("### PartsWorker.Bundles")]
    public void No_arrow_leads_back(string heading) => Assert.Null(RoomTable.Read(heading).FindCycle());

    private static IEnumerable<(string From, string To)> Arrows(Assembly assembly) =>
        RoomArrows.Projects(assembly).Select(to => (RoomArrows.Project(assembly.GetName().Name!)!, to));
}

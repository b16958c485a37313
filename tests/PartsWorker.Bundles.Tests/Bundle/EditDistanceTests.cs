using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Bundles.Tests.Bundle;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "nut", 3)]
    [InlineData("bolt", "bolt", 0)]
    [InlineData("bolt", "bot", 1)]
    [InlineData("bot", "bolt", 1)]
    [InlineData("bolt", "Bolt", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("gear", "washer", 5)]
    public void The_distance_is_the_least_number_of_changed_letters(string first, string second, int expected) =>
        Assert.Equal(expected, EditDistance.Of(first, second));
}

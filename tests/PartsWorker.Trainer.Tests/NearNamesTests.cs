namespace PartsWorker.Trainer.Tests;

public class NearNamesTests
{
    private static readonly string[] Names = ["s-hook-bronze", "s-hook-brass", "s-hook-black", "washer-stainless", "s-hook-white"];

    [Theory]
    [InlineData("s-hok-bronze", "s-hook-bronze")]
    [InlineData("S-Hook-Brass", "s-hook-brass")]
    [InlineData("stainless", "washer-stainless")]
    public void The_most_similar_name_comes_first(string word, string expected) => Assert.Equal(expected, NearNames.Of(word, Names)[0]);

    [Fact]
    public void At_most_three_names_are_returned_and_none_for_an_unrelated_word()
    {
        Assert.Equal(3, NearNames.Of("s-hook", Names).Count);
        Assert.Empty(NearNames.Of("gear", Names));
    }
}

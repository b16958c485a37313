using System.Security.Cryptography;
using System.Text;
using PartsWorker.Trainer.Refreshing;

namespace PartsWorker.Trainer.Tests.Refreshing;

public class ReviewSplitTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void About_one_of_so_many_images_is_held_out(int every)
    {
        var held = Enumerable.Range(0, 4000).Count(i => ReviewSplit.IsHeldOut(Hash($"image {i}"), every));
        Assert.InRange(held, 0.8 * 4000 / every, 1.2 * 4000 / every);
    }

    [Fact]
    public void The_same_image_is_always_on_the_same_side() => Assert.All(
        Enumerable.Range(0, 50),
        i => Assert.Equal(ReviewSplit.IsHeldOut(Hash($"{i}"), 5), ReviewSplit.IsHeldOut(Hash($"{i}").ToUpperInvariant(), 5)));

    [Fact]
    public void An_unreadable_image_is_not_held_out() => Assert.False(ReviewSplit.IsHeldOut("/images/gone.jpg", 2));

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}

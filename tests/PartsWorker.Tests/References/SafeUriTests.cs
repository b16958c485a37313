using PartsWorker.References;

namespace PartsWorker.Tests.References;

public sealed class SafeUriTests
{
    [Theory]
    [InlineData("https://cdn.example/a.jpg?X-Amz-Signature=geheim", "https://cdn.example/a.jpg")]
    [InlineData("https://cdn.example/a.jpg#geheim", "https://cdn.example/a.jpg")]
    [InlineData("https://user:geheim@cdn.example/a.jpg", "https://***@cdn.example/a.jpg")]
    [InlineData("https://a@geheim@cdn.example", "https://***@cdn.example")]
    [InlineData("https://user:ge/heim@cdn.example/a.jpg", "https://***@cdn.example/a.jpg")]
    [InlineData("https://cdn.example/a@b.jpg", "https://***@b.jpg")]
    [InlineData("file:///data/a\nb.jpg", "file:///data/a?b.jpg")]
    [InlineData("amqp:/user:geheim@host", "amqp:/***@host")]
    [InlineData("file:///data/a@b.jpg", "file:///data/a@b.jpg")]
    [InlineData("", "(empty)")]
    public void What_is_shown_holds_no_secret_and_stays_on_one_line(string reference, string shown) =>
        Assert.Equal(shown, SafeUri.Of(reference));

    [Fact]
    public void What_is_shown_is_short() => Assert.True(SafeUri.Of("file:///" + new string('x', 100_000)).Length < 250);
}

using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Contract;

public sealed class KnownWordsTests
{
    [Fact]
    public void A_word_seen_before_is_the_same_string() =>
        Assert.Same(Some.Decode(Some.Json(camera: "\"cam-77\"")).Camera, Some.Decode(Some.Json(camera: "\"cam-77\"")).Camera);

    [Fact]
    public void Words_that_share_a_place_stay_apart() =>
        Assert.All(Enumerable.Range(0, 3000), i => Assert.Equal($"cam-{i}", Some.Decode(Some.Json(camera: $"\"cam-{i}\"")).Camera));

    [Fact]
    public void A_word_written_with_escapes_is_read_as_what_it_means() =>
        Assert.Equal("cam-A", Some.Decode(Some.Json(camera: "\"cam-\\u0041\"")).Camera);
}

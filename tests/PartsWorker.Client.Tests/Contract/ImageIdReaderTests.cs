using System.Text;

namespace PartsWorker.Client.Tests.Contract;

public sealed class ImageIdReaderTests
{
    private const string Id = "0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10";
    private const string Other = "11111111-1111-1111-1111-111111111111";

    [Theory]
    [InlineData("{\"imageId\":\"" + Id + "\",\"uri\":7,\"line\":null}")]
    [InlineData("{\"uri\":{\"imageId\":\"" + Other + "\"},\"imageId\":\"" + Id + "\"")]
    [InlineData("{\"imageId\":\"" + Id + "\",\"uri\":\"file:///a")]
    [InlineData("{\"imageId\":\"" + Id + "\"} and more")]
    [InlineData("{\"imageId\":\"" + Other + "\",\"imageId\":\"" + Id + "\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"" + Other + "\",\"data\":{\"imageId\":\"" + Id + "\"}}")]
    [InlineData("{\"specversion\":\"1.0\",\"id\":\"" + Id + "\",\"data\":{}}")]
    [InlineData("{\"imageId\":\"" + Id + "\",\"capturedAt\":\"\\ud800\"}")]
    public void It_is_found_in_a_broken_message(string body) =>
        Assert.Equal(Guid.Parse(Id), ImageIdReader.Find(Encoding.UTF8.GetBytes(body), null));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"imageId\":7}")]
    [InlineData("{\"imageId\":\"7\"}")]
    [InlineData("{\"imageId\":\"00000000-0000-0000-0000-000000000000\"}")]
    public void Where_there_is_none_nothing_is_found(string body) =>
        Assert.Null(ImageIdReader.Find(Encoding.UTF8.GetBytes(body), null));

    [Fact]
    public void The_id_of_a_binary_event_counts_where_the_body_has_none()
    {
        var headers = new Dictionary<string, object?> { ["ce-specversion"] = "1.0", ["ce-id"] = Encoding.UTF8.GetBytes(Id) };

        Assert.Equal(Guid.Parse(Id), ImageIdReader.Find("{"u8.ToArray(), headers));
    }
}

using System.Text;
using System.Text.Json;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.CloudEvents;

public sealed class CloudEventTests
{
    private const string Structured = "application/cloudevents+json; charset=utf-8";

    [Theory]
    [InlineData(MessageFormat.CloudEventStructured)]
    [InlineData(MessageFormat.CloudEventBinary)]
    [InlineData(MessageFormat.PlainJson)]
    public void What_is_written_in_any_format_is_read_back(MessageFormat format)
    {
        var message = ImageReferenceCodec.Encode(Some.Reference(), format);
        var headers = message.Headers.ToDictionary(h => h.Key, h => (object?)Encoding.UTF8.GetBytes(h.Value));

        var back = ImageReferenceCodec.Decode(message.Body, message.ContentType, headers);

        Assert.Equal(Some.Reference(), back with { Extra = null });
    }

    [Fact]
    public void The_event_says_which_camera_and_when()
    {
        var message = ImageReferenceCodec.Encode(Some.Reference(), MessageFormat.CloudEventStructured);
        using var json = JsonDocument.Parse(message.Body);

        Assert.Equal("application/cloudevents+json", message.ContentType);
        Assert.Equal("1.0", json.RootElement.GetProperty("specversion").GetString());
        Assert.Equal(Some.Id.ToString(), json.RootElement.GetProperty("id").GetString());
        Assert.Equal("/lines/A/cameras/cam-3", json.RootElement.GetProperty("source").GetString());
        Assert.Equal("2026-11-21T06:30:00.250000Z", json.RootElement.GetProperty("time").GetString());
    }

    [Theory]
    [InlineData("ce-")]
    [InlineData("cloudEvents:")]
    [InlineData("cloudEvents_")]
    public void Binary_headers_are_read_in_all_three_spellings(string prefix)
    {
        var headers = new Dictionary<string, object?>
        {
            [prefix + "specversion"] = "1.0",
            [prefix + "id"] = Encoding.UTF8.GetBytes(Some.Id.ToString()),
            [prefix + "source"] = Encoding.UTF8.GetBytes("/plant/7"),
            [prefix + "time"] = "2026-11-21T06:30:00Z",
        };

        var body = Some.Utf8("""{"uri":"file:///a.jpg","line":"A","camera":"c"}""");
        var reference = ImageReferenceCodec.Decode(body, "application/json", headers);

        Assert.Equal(Some.Id, reference.ImageId);
        Assert.Equal("/plant/7", reference.Extra!["cloudEvent"].GetProperty("source").GetString());
    }

    [Fact]
    public void Id_and_time_of_the_data_win_over_the_envelope()
    {
        const string Time = "2001-01-01T00:00:00Z";
        var body =
            $$"""{"specversion":"1.0","id":"{{Guid.NewGuid()}}","source":"s","type":"t","time":"{{Time}}","data":{{Some.Json()}}}""";

        var reference = ImageReferenceCodec.Decode(Some.Utf8(body), Structured, headers: null);

        Assert.Equal(Some.Id, reference.ImageId);
        Assert.Equal(2026, reference.CapturedAt.Year);
    }

    [Theory]
    [InlineData("""{"specversion":"0.3","data":{}}""", "specversion: must be 1.0, is '0.3'")]
    [InlineData("""{"data":{}}""", "specversion: is missing")]
    [InlineData("""{"specversion":"1.0"}""", "data: is missing")]
    [InlineData("""{"specversion":"1.0","data_base64":"e30="}""", "data_base64: is not supported")]
    [InlineData("""{"specversion":"1.0","id":"not-a-uuid","data":{"uri":"u"}}""", "imageId: is missing")]
    [InlineData("""{"specversion":"1.0","time":"noon","data":{}}""", "time: must be RFC 3339")]
    [InlineData("""{"specversion":1,"data":{}}""", "specversion: must be a string")]
    [InlineData("""{"specversion":"1.0","source":"\ud800","data":{}}""", "source: holds half of a surrogate pair")]
    [InlineData("""{"specversion":"1.0","source":"\u0000","data":{}}""", "source: holds a NUL character")]
    [InlineData("""{"specversion":"1.0","data":[]}""", "body: must be a JSON object")]
    [InlineData("[]", "body: must be a JSON object")]
    public void A_wrong_envelope_is_a_bad_message(string body, string expected)
    {
        var error = Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Decode(Some.Utf8(body), Structured, null));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_is_refused_because_settling_is_per_image()
    {
        var error = Assert.Throws<BadMessageException>(
            () => ImageReferenceCodec.Decode(Some.Utf8("[]"), "application/cloudevents-batch+json", null));
        Assert.Contains("one event per message", error.Message, StringComparison.Ordinal);
    }
}

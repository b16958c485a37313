using System.Text.Json;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Results;

public sealed class ClassificationResultCodecTests
{
    [Fact]
    public void The_context_of_an_event_identifies_the_result_and_its_camera()
    {
        var message = ClassificationResultCodec.Encode(SomeResult.Result());

        var root = JsonDocument.Parse(message.Body).RootElement;
        Assert.Equal("application/cloudevents+json", message.ContentType);
        Assert.Equal("1.0", root.GetProperty("specversion").GetString());
        Assert.Equal("0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10/real-parts@2.7.0", root.GetProperty("id").GetString());
        Assert.Equal("/lines/A/cameras/cam-3", root.GetProperty("source").GetString());
        Assert.Equal("0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10", root.GetProperty("subject").GetString());
        Assert.Equal("partsworker.part.classified", root.GetProperty("type").GetString());
        Assert.Equal("2026-11-21T12:00:00.342000Z", root.GetProperty("time").GetString());
    }

    [Theory]
    [InlineData("washer-m8")]
    [InlineData(null)]
    [InlineData("Mutter \"M8\" <verzinkt> µ")]
    public void A_result_is_read_as_it_was_written(string? className)
    {
        var written = SomeResult.Result(className);

        var read = ClassificationResultCodec.Decode(ClassificationResultCodec.Encode(written).Body);

        Assert.Equal(written.Top5, read.Top5);
        Assert.Equal(written, read with { Top5 = written.Top5 });
    }

    [Fact]
    public void Confidences_have_the_digits_of_the_row_and_no_more()
    {
        var data = JsonDocument.Parse(ClassificationResultCodec.Encode(SomeResult.Result()).Body).RootElement.GetProperty("data");

        Assert.Equal("0.97", data.GetProperty("confidence").GetRawText());
        Assert.Equal("live", data.GetProperty("lane").GetString());
        Assert.Equal(JsonValueKind.Null, Data(null).GetProperty("class").ValueKind);
    }

    [Fact]
    public void A_field_of_a_newer_version_is_ignored()
    {
        var json = JsonSerializer.Serialize(JsonDocument.Parse(ClassificationResultCodec.Encode(SomeResult.Result()).Body));

        var read = ClassificationResultCodec.Decode(Some.Utf8(json.Replace("\"lane\":", "\"later\":{\"x\":1},\"lane\":")));

        Assert.Equal("washer-m8", read.Class);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("[]", "type")]
    [InlineData("""{"type":"partsworker.image.captured","specversion":"1.0","data":{}}""", "type")]
    [InlineData("""{"type":"partsworker.part.classified","specversion":"0.3","data":{}}""", "body")]
    [InlineData("""{"type":"partsworker.part.classified","specversion":"1.0"}""", "body")]
    [InlineData("""{"type":"partsworker.part.classified","specversion":"1.0","data":null}""", "data")]
    [InlineData("""{"type":"partsworker.part.classified","specversion":"1.0","data":{"imageId":7}}""", "data")]
    public void What_is_not_a_result_is_refused_in_one_line_that_names_the_field(string json, string field)
    {
        var error = Assert.Throws<BadMessageException>(() => ClassificationResultCodec.Decode(Some.Utf8(json)));

        Assert.StartsWith(field, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static JsonElement Data(string? className) =>
        JsonDocument.Parse(ClassificationResultCodec.Encode(SomeResult.Result(className)).Body).RootElement.GetProperty("data");
}

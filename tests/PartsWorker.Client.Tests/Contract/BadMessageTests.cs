using FsCheck;
using FsCheck.Fluent;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Contract;

public sealed class BadMessageTests
{
    public static TheoryData<string, string> Bodies => new()
    {
        { "", "body: has 0 bytes" },
        { "not json", "body: is not JSON" },
        { "[]", "body: must be a JSON object" },
        { "null", "body: must be a JSON object" },
        { "{}", "imageId: is missing" },
        { Some.Json() + "x", "body: is not JSON" },
        { Some.Json(imageId: "null"), "imageId: is missing" },
        { Some.Json(imageId: "7"), "imageId: must be a UUID" },
        { Some.Json(imageId: "\"7\""), "imageId: must be a UUID" },
        { Some.Json(imageId: "\"00000000-0000-0000-0000-000000000000\""), "imageId: is the empty UUID" },
        { Some.Json(uri: "\"\""), "uri: must have 1 to 2048 characters" },
        { Some.Json(uri: "{}"), "uri: must be a string" },
        { Some.Json(uri: "\"a\\u0000b\""), "uri: holds a control character" },
        { Some.Json(uri: $"\"{new string('u', 2049)}\""), "uri: must have 1 to 2048 characters, has 2049" },
        { Some.Json(uri: "\"\\ud800\""), "uri: must be a string in valid Unicode" },
        { Some.Json(line: "\"a.b\""), "line: must be 1 to 64 of" },
        { Some.Json(line: "\"#\""), "line: must be 1 to 64 of" },
        { Some.Json(camera: "true"), "camera: must be a string" },
        { Some.Json(camera: "\"\""), "camera: must be 1 to 64 of" },
        { Some.Json(capturedAt: "1732170600"), "capturedAt: must be RFC 3339 with an offset" },
        { Some.Json(capturedAt: "\"2026-11-21T06:30:00\""), "capturedAt: must be RFC 3339 with an offset" },
        { Some.Json(capturedAt: "\"yesterday\""), "capturedAt: must be RFC 3339" },
        { Some.Json(capturedAt: "\"0001-01-01T00:00:00Z\""), "capturedAt: 0001-01-01 is not in 1900..2999: check the clock" },
        { Some.Json(more: ",\"sha256\":\"abc\""), "sha256: must be 64 hex digits" },
        { Some.Json(more: ",\"attributes\":[]"), "attributes: must be an object of strings" },
        { Some.Json(more: ",\"attributes\":{\"n\":1}"), "attributes.n: must be a string" },
        { Some.Json(more: ",\"attributes\":{\"n\":\"\\u0000\"}"), "attributes.n: holds a NUL" },
        { Some.Json(more: ",\"sha256\":7"), "sha256: must be a string" },
        { Some.Json(more: ",\"attributes\":{\"n\":null}"), "attributes.n: holds a NUL character or no text" },
        { Some.Json(more: ",\"attributes\":{\"n\":\"\\ud800\"}"), "attributes.n: must be a string in valid Unicode" },
        { Some.Json(more: ",\"attributes\":{\"\\ud800\":\"n\"}"), "attributes: must be an object of strings in valid Unicode" },
        { Some.Json(more: ",\"\\ud800\":1"), "body: must be a JSON object with field names in valid Unicode" },
        { Some.Json(more: ",\"a\\u0000b\":1"), "body: has a field name with a NUL character" },
        { Some.Json(more: ",\"x\":\"\\ud800\""), "x: holds half of a surrogate pair" },
        { Some.Json(more: ",\"x\":{\"\\ud800\":1}"), "x: holds half of a surrogate pair" },
        { Some.Json(more: ",\"x\":{\"\\u0000\":1}"), "x: has a field name with a NUL character" },
        { Some.Json(more: ",\"x\":1e400"), "x: is a number too large to keep" },
        { Some.Json(more: $",\"x\":{new string('9', 100_000)}"), "x: is a number too large to keep" },
        { Some.Json(more: ",\"x\":[\"\\u0000\"]"), "x: holds a NUL character" },
        { Some.Json(more: $",\"x\":{new string('[', 100_000)}"), "body: is not JSON" },
        { Some.Json(more: $",\"x\":\"{new string('x', 300_000)}\""), "must have 1 to 262144: publish references, not images" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Is_refused_with_one_line_that_names_the_field(string body, string expected)
    {
        var error = Assert.Throws<BadMessageException>(() => Some.Decode(body));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Assert.Equal(
            "body: is a JPEG image, must be UTF-8",
            Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Decode(new byte[] { 0xff, 0xd8, 0xff }, null, null)).Message);

    [Fact]
    public void A_hostile_field_name_cannot_break_the_line()
    {
        var error = Assert.Throws<BadMessageException>(() => Some.Decode(Some.Json(more: ",\"attributes\":{\"a\\nb\\u001b[2J\":1}")));

        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void Any_mutation_of_a_good_body_is_a_reference_or_a_bad_message()
    {
        var good = Some.Utf8(Some.Json(more: ""","sha256":null,"attributes":{"a":"b"},"x":[1,{"y":2.5e3}]"""));
        var mutations = from edits in Gen.Choose(1, 8)
                        from places in Gen.Choose(0, good.Length - 1).ArrayOf(edits)
                        from bytes in Gen.Choose(0, 255).ArrayOf(edits)
                        from end in Gen.Choose(good.Length / 2, good.Length)
                        select (places, bytes, end);

        Prop.ForAll(Arb.From(mutations), m =>
        {
            var body = (byte[])good.Clone();
            for (var i = 0; i < m.places.Length; i++)
            {
                body[m.places[i]] = (byte)m.bytes[i];
            }

            var error = Record.Exception(() => ImageReferenceCodec.Decode(body.AsMemory(0, m.end), null, null));
            return error is null or BadMessageException;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));
    }
}

using System.Text;
using System.Text.Json;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Contract;

public sealed class ImageReferenceCodecTests
{
    [Fact]
    public void A_reference_survives_the_round_trip()
    {
        var reference = Some.Reference() with
        {
            Sha256 = new string('a', 64),
            Attributes = new Dictionary<string, string> { ["order"] = "4711" },
        };

        var back = ImageReferenceCodec.Decode(ImageReferenceCodec.Encode(reference), "application/json", headers: null);

        Assert.Equal(reference with { Attributes = null }, back with { Attributes = null, Extra = null });
        Assert.Equal("4711", back.Attributes!["order"]);
    }

    [Fact]
    public void Optional_fields_that_are_not_set_are_not_written() =>
        Assert.Equal(
            """{"imageId":"0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10","uri":"file:///data/000123.jpg","line":"A","camera":"cam-3","""
            + "\"capturedAt\":\"2026-11-21T06:30:00.25+00:00\"}",
            Encoding.UTF8.GetString(ImageReferenceCodec.Encode(Some.Reference())));

    [Fact]
    public void Unknown_fields_are_kept_and_written_again()
    {
        var reference = Some.Decode(Some.Json(more: ""","station":{"id":7},"operator":null"""));

        Assert.Equal(7, reference.Extra!["station"].GetProperty("id").GetInt32());
        Assert.Contains("\"station\":{\"id\":7}", Encoding.UTF8.GetString(ImageReferenceCodec.Encode(reference)), StringComparison.Ordinal);
        Assert.Equal("""{"station":{"id":7},"operator":null}""", ImageReferenceCodec.AttributesJson(reference));
    }

    [Theory]
    [InlineData("$ref")]
    [InlineData("$type")]
    [InlineData("extra")]
    [InlineData("URI")]
    [InlineData("imageid")]
    public void A_name_that_is_not_exactly_a_known_field_is_kept_as_unknown(string name)
    {
        var reference = Some.Decode(Some.Json(more: $",\"{name}\":\"7\""));

        Assert.Equal("7", Assert.Single(reference.Extra!, field => field.Key == name).Value.GetString());
        Assert.Equal("file:///a.jpg", reference.Uri);
    }

    [Fact]
    public void Of_a_field_given_twice_the_last_counts() =>
        Assert.Equal("file:///b.jpg", Some.Decode(Some.Json(more: ""","uri":"file:///b.jpg" """)).Uri);

    [Fact]
    public void A_word_written_with_escapes_is_read_as_what_it_means() =>
        Assert.Equal("cam-A", Some.Decode(Some.Json(camera: "\"cam-\\u0041\"")).Camera);

    [Theory]
    [InlineData("2026-11-21T06:30:00.123456789Z", "2026-11-21T06:30:00.1234560")]
    [InlineData("2026-11-21T06:30:00.1234567890123Z", "2026-11-21T06:30:00.1234560")]
    [InlineData("2026-11-21T08:30:00+02:00", "2026-11-21T06:30:00.0000000")]
    [InlineData("2026-11-21t06:30:00z", "2026-11-21T06:30:00.0000000")]
    public void CapturedAt_becomes_utc_in_whole_microseconds(string written, string expected)
    {
        var reference = Some.Decode(Some.Json(capturedAt: $"\"{written}\""));

        Assert.Equal(TimeSpan.Zero, reference.CapturedAt.Offset);
        Assert.Equal(expected, reference.CapturedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffffff"));
    }

    [Fact]
    public void A_null_option_counts_as_left_out()
    {
        var reference = Some.Decode(Some.Json(more: ""","sha256":null,"attributes":null"""));

        Assert.Null(reference.Sha256);
        Assert.Null(reference.Attributes);
        Assert.Null(ImageReferenceCodec.AttributesJson(reference));
    }

    [Fact]
    public void Sha256_is_kept_in_lower_case() =>
        Assert.Equal(new string('a', 64), Some.Decode(Some.Json(more: $",\"sha256\":\"{new string('A', 64)}\"")).Sha256);

    [Fact]
    public void Encoding_holds_the_same_rules_as_decoding() =>
        Assert.StartsWith(
            "line: ",
            Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Encode(Some.Reference(line: "a.b"))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("\"a\\u0000b\"", "note: holds a NUL character")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345", "note: is a number too large to keep")]
    public void An_unknown_field_that_no_reader_takes_is_not_encoded(string value, string problem)
    {
        var reference = Some.Reference() with { Extra = new() { ["note"] = JsonDocument.Parse(value).RootElement } };

        var error = Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Encode(reference));

        Assert.Equal(problem, error.Message);
    }

    [Theory]
    [InlineData(MessageFormat.PlainJson)]
    [InlineData(MessageFormat.CloudEventStructured)]
    [InlineData(MessageFormat.CloudEventBinary)]
    public void A_body_that_no_reader_takes_is_not_encoded(MessageFormat format)
    {
        var error = Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Encode(Some.TooLarge(), format));

        Assert.StartsWith("body: has ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extra_fields_stay_readable_after_the_body_is_reused()
    {
        var body = Some.Utf8(Some.Json(more: ""","tray":"12" """));
        var reference = ImageReferenceCodec.Decode(body, contentType: null, headers: null);
        Array.Fill(body, (byte)'x');

        Assert.Equal("12", reference.Extra!["tray"].GetString());
        Assert.Equal(JsonValueKind.String, reference.Extra["tray"].ValueKind);
    }
}

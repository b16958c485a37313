using System.IO.Compression;
using System.Text;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Contract;

public sealed class BodyEncodingTests
{
    private const string Id = "0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10";
    private static readonly string Json = Some.Json(imageId: $"\"{Id}\"");

    [Fact]
    public void A_byte_order_mark_before_the_JSON_is_accepted()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Json)];

        Assert.Equal(Guid.Parse(Id), ImageReferenceCodec.Decode(body, null, null).ImageId);
    }

    public static TheoryData<byte[], string> OtherEncodings => new()
    {
        { Encoding.Unicode.GetBytes(Json), "UTF-16" },
        { [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Json)], "UTF-16" },
        { Encoding.BigEndianUnicode.GetBytes(Json), "UTF-16" },
        { [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Json)], "UTF-16" },
        { Encoding.UTF32.GetBytes(Json), "UTF-32" },
        { [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Json)], "UTF-32" },
    };

    [Theory]
    [MemberData(nameof(OtherEncodings))]
    public void Another_encoding_is_refused_by_its_name_and_the_image_is_named_all_the_same(byte[] body, string name)
    {
        var error = Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Decode(body, null, null));

        Assert.Equal($"body: is {name}, must be UTF-8", error.Message);
        Assert.Equal(Guid.Parse(Id), ImageIdReader.Find(body, null));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public void A_compressed_body_is_refused_by_the_name_of_its_compression(string encoding)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(Json));
        }

        var error = Assert.Throws<BadMessageException>(
            () => ImageReferenceCodec.Decode(compressed.ToArray(), "application/json", null, encoding));

        Assert.Equal($"contentEncoding: '{encoding}' is not supported: publish plain UTF-8 JSON", error.Message);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("UTF8")]
    [InlineData("gzip")]
    public void A_content_encoding_does_not_matter_if_the_body_is_plain_JSON(string encoding) => Assert.Equal(
        Guid.Parse(Id), ImageReferenceCodec.Decode(Encoding.UTF8.GetBytes(Json), "application/json", null, encoding).ImageId);

    [Fact]
    public void A_gzip_body_without_a_content_encoding_is_named_too() => Assert.Equal(
        "body: is gzip, must be UTF-8",
        Assert.Throws<BadMessageException>(() => ImageReferenceCodec.Decode(new byte[] { 0x1F, 0x8B, 8, 0 }, null, null)).Message);
}

using System.Text;

namespace PartsWorker.Client.Tests.Topology;

public sealed class HeaderReaderTests
{
    public static TheoryData<object?, string?, int> Values => new()
    {
        { "3", "3", 3 },
        { Encoding.UTF8.GetBytes("3"), "3", 3 },
        { 3, "3", 3 },
        { 3L, "3", 3 },
        { "-3", "-3", 0 },
        { long.MaxValue, "9223372036854775807", 0 },
        { new List<object?> { 3 }, null, 0 },
        { null, null, 0 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_read_in_whatever_type_it_was_written(object? value, string? text, int number)
    {
        var headers = new Dictionary<string, object?> { ["h"] = value };

        Assert.Equal(text, HeaderReader.Text(headers, "h"));
        Assert.Equal(number, HeaderReader.Int(headers, "h"));
    }

    [Fact]
    public void A_header_that_is_absent_is_null_and_zero()
    {
        Assert.Null(HeaderReader.Text(headers: null, "h"));
        Assert.Equal(0, HeaderReader.Int(new Dictionary<string, object?>(), "h"));
    }
}

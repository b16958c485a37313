using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Contract;

/// <summary>Holds image-reference.schema.json and asyncapi.yaml against the code, so that neither can drift alone.</summary>
public sealed class PublishedContractTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Published("image-reference.schema.json"))).RootElement;
    private static readonly string AsyncApi = File.ReadAllText(Published("asyncapi.yaml"));

    private static readonly PropertyInfo[] Fields = typeof(ImageReference).GetProperties()
        .Where(p => p.GetCustomAttribute<JsonExtensionDataAttribute>() is null).ToArray();

    [Fact]
    public void Schema_and_record_have_the_same_fields() =>
        Assert.Equal(Fields.Select(Name).Order(), Schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());

    [Fact]
    public void What_is_read_has_the_fields_of_what_is_written() =>
        Assert.Equal(
            typeof(ImageReference).GetProperties().Select(Name).Order(),
            typeof(ReferenceFields).GetProperties().Select(Name).Order());

    [Fact]
    public void Schema_requires_what_the_record_requires() =>
        Assert.Equal(
            Fields.Where(field => field.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
                .Select(Name).Order(),
            Schema.GetProperty("required").EnumerateArray().Select(e => e.GetString()!).Order());

    [Theory]
    [InlineData("imageId", "uuid", typeof(Guid))]
    [InlineData("capturedAt", "date-time", typeof(DateTimeOffset))]
    [InlineData("uri", "uri", typeof(string))]
    public void Formats_agree_with_the_types(string field, string format, Type type)
    {
        Assert.Equal(format, Schema.GetProperty("properties").GetProperty(field).GetProperty("format").GetString());
        Assert.Equal(type, Fields.Single(p => Name(p) == field).PropertyType);
    }

    [Fact]
    public void Limits_agree_with_the_rules()
    {
        var properties = Schema.GetProperty("properties");

        Assert.Equal(ReferenceRules.MaxUri, properties.GetProperty("uri").GetProperty("maxLength").GetInt32());
        Assert.Equal(ReferenceRules.MaxAttributes, properties.GetProperty("attributes").GetProperty("maxProperties").GetInt32());
        foreach (var word in new[] { "line", "camera" })
        {
            var pattern = properties.GetProperty(word).GetProperty("pattern").GetString()!;
            Assert.Matches(pattern, new string('a', ReferenceRules.MaxWord));
            Assert.DoesNotMatch(pattern, new string('a', ReferenceRules.MaxWord + 1));
            Assert.DoesNotMatch(pattern, "a.b");
        }
    }

    [Fact]
    public void The_example_of_the_schema_is_a_reference()
    {
        var example = Schema.GetProperty("examples")[0].GetRawText();

        Assert.Null(Some.Decode(example).Extra);
    }

    [Fact]
    public void AsyncApi_names_the_exchange_queues_keys_and_headers_of_the_code()
    {
        var topology = new PartsTopology();

        Assert.Contains($"name: {topology.Exchange}\n", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"name: {topology.DeadQueue}\n", AsyncApi, StringComparison.Ordinal);
        Assert.Contains("name: " + CloudEventWriter.EventType, AsyncApi, StringComparison.Ordinal);
        Assert.Contains("contentType: " + CloudEventWriter.StructuredContentType, AsyncApi, StringComparison.Ordinal);
        foreach (var lane in Enum.GetValues<Lane>())
        {
            Assert.Contains("address: " + PartsTopology.RoutingKey(lane, "{line}", "{camera}"), AsyncApi, StringComparison.Ordinal);
        }

        var ours = typeof(PartsHeaders).GetFields().Select(f => (string)f.GetRawConstantValue()!).Where(n => n != PartsHeaders.Prefix);
        Assert.Equal(ours.Order(), Regex.Matches(AsyncApi, @"x-parts-[a-z-]+(?=:)").Select(m => m.Value).Order());
    }

    private static string Name(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string Published(string file) => Path.Combine(AppContext.BaseDirectory, file);
}

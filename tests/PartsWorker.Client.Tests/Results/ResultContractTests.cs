using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using PartsWorker.Client.Tests.Support;

namespace PartsWorker.Client.Tests.Results;

/// <summary>Holds classification-result.schema.json and asyncapi.yaml against the code, so that neither can drift alone.</summary>
public sealed class ResultContractTests
{
    private static readonly JsonElement Schema =
        JsonDocument.Parse(File.ReadAllText(Published("classification-result.schema.json"))).RootElement;

    private static readonly string AsyncApi = File.ReadAllText(Published("asyncapi.yaml"));

    private static readonly PropertyInfo[] Fields = typeof(ClassificationResult).GetProperties()
        .Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null).ToArray();

    [Fact]
    public void Schema_and_record_have_the_same_fields() =>
        Assert.Equal(Fields.Select(Name).Order(), Properties(Schema).Order());

    [Fact]
    public void Schema_requires_what_the_record_requires() =>
        Assert.Equal(
            Fields.Where(field => field.IsDefined(typeof(RequiredMemberAttribute))).Select(Name).Order(),
            Schema.GetProperty("required").EnumerateArray().Select(e => e.GetString()!).Order());

    [Fact]
    public void Schema_and_record_have_the_same_types() =>
        Assert.All(Fields, field =>
        {
            var schema = Schema.GetProperty("properties").GetProperty(Name(field));
            var nullable = new NullabilityInfoContext().Create(field).ReadState == NullabilityState.Nullable;
            Assert.Equal(nullable ? $"[\"{TypeOf(field)}\", \"null\"]" : $"\"{TypeOf(field)}\"", schema.GetProperty("type").GetRawText());
        });

    [Fact]
    public void Candidates_have_the_fields_of_the_schema() =>
        Assert.Equal(
            typeof(ResultCandidate).GetProperties().Where(p => p.Name != "EqualityContract").Select(Name).Order(),
            Properties(Schema.GetProperty("properties").GetProperty("top5").GetProperty("items")).Order());

    [Fact]
    public void Names_of_lanes_and_decisions_are_those_of_the_code()
    {
        Assert.Equal(Enum.GetValues<Lane>().Select(PartsTopology.NameOf).Order(), Values("lane").Order());
        Assert.All(Values("decision"), decision => new SubscriberOptions { ConnectionString = "", Decision = decision }.Validate());
    }

    [Fact]
    public void The_example_of_the_schema_is_a_result()
    {
        var example = Schema.GetProperty("examples")[0];
        var json = $$"""
            {"specversion":"1.0","type":"{{ClassificationResultCodec.EventType}}","data":{{example.GetRawText()}}}
            """;

        var result = ClassificationResultCodec.Decode(Some.Utf8(json));

        var written = JsonDocument.Parse(ClassificationResultCodec.Encode(result).Body).RootElement.GetProperty("data");
        Assert.True(JsonElement.DeepEquals(example, written), written.GetRawText());
    }

    [Fact]
    public void AsyncApi_names_exchange_key_type_and_every_attribute_of_an_event()
    {
        var root = JsonDocument.Parse(ClassificationResultCodec.Encode(SomeResult.Result()).Body).RootElement;

        Assert.Contains($"name: {new PartsTopology().ResultsExchange}\n", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"address: {PartsTopology.ResultKey("{line}", "{camera}", "{decision}")}\n", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"name: {ClassificationResultCodec.EventType}\n", AsyncApi, StringComparison.Ordinal);
        Assert.Contains($"const: '{root.GetProperty("dataschema").GetString()}'", AsyncApi, StringComparison.Ordinal);
        Assert.Equal(root.GetProperty("dataschema").GetString(), Schema.GetProperty("$id").GetString());
        var described = AsyncApi[AsyncApi.IndexOf("    classificationResult:\n      name:", StringComparison.Ordinal)..];
        Assert.All(root.EnumerateObject(), attribute => Assert.Contains($" {attribute.Name}:", described, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Properties(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(p => p.Name);

    private static IEnumerable<string> Values(string field) =>
        Schema.GetProperty("properties").GetProperty(field).GetProperty("enum").EnumerateArray().Select(e => e.GetString()!);

    private static string TypeOf(PropertyInfo field) =>
        field.PropertyType == typeof(float) ? "number"
        : field.PropertyType == typeof(IReadOnlyList<ResultCandidate>) ? "array"
        : "string";

    private static string Name(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    private static string Published(string file) => Path.Combine(AppContext.BaseDirectory, file);
}

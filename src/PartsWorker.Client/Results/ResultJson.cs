using System.Text.Json.Serialization;

namespace PartsWorker.Client;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClassificationResult))]
[JsonSerializable(typeof(ResultCandidate[]))]
internal sealed partial class ResultJson : JsonSerializerContext;

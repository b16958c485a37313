using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Observability;

/// <summary>Body of <c>/health/ready</c>.</summary>
internal sealed record ReadyAnswer(bool Ready, string? Model, string? Device, IReadOnlyDictionary<string, string> Problems);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReadyAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;

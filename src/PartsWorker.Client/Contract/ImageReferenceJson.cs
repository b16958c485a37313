using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Client;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImageReference))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ImageReferenceJson : JsonSerializerContext;

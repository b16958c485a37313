using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Client;

/// <summary><see cref="ImageReference"/> is written, <see cref="ReferenceFields"/> is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImageReference))]
[JsonSerializable(typeof(ReferenceFields))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ImageReferenceJson : JsonSerializerContext;

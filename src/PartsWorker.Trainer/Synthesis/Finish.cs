using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>
/// The color and surface of a part. Metal reflects light in its own color; paint and plastic scatter it under a clear gloss.
/// </summary>
/// <param name="Name">Color name in the labels.</param>
/// <param name="Tone">Linear RGB 0..1.</param>
/// <param name="Metal">0 paint or plastic, 1 bare metal.</param>
/// <param name="Roughness">0 mirror, 1 chalk.</param>
/// <param name="Grain">Strength of brushing or casting marks.</param>
/// <param name="Dirt">How strongly wear varies the tone.</param>
internal sealed record Finish(string Name, Vector3 Tone, float Metal, float Roughness, float Grain, float Dirt)
{
    /// <summary>The eleven colors, in the order of their ids.</summary>
    public static IReadOnlyList<Finish> All { get; } =
    [
        new("white", new(0.80f, 0.81f, 0.82f), 0, 0.35f, 0, 0.05f),
        new("calm-gray", new(0.30f, 0.36f, 0.42f), 0, 0.55f, 0, 0.08f),
        new("dark-gray", new(0.075f, 0.08f, 0.085f), 0, 0.50f, 0.02f, 0.10f),
        new("silver", new(0.56f, 0.60f, 0.66f), 0.80f, 0.52f, 0.04f, 0.06f),
        new("antique-gray", new(0.20f, 0.18f, 0.13f), 0.70f, 0.42f, 0.10f, 0.55f),
        new("bronze", new(0.50f, 0.26f, 0.10f), 0.90f, 0.34f, 0.05f, 0.25f),
        new("stainless", new(0.70f, 0.67f, 0.61f), 1.00f, 0.16f, 0.10f, 0.05f),
        new("black", new(0.012f, 0.012f, 0.013f), 0.10f, 0.28f, 0.02f, 0.05f),
        new("silky-white", new(0.72f, 0.64f, 0.48f), 0, 0.70f, 0, 0.06f),
        new("gray", new(0.22f, 0.22f, 0.22f), 0, 0.62f, 0.02f, 0.08f),
        new("yellow-zinc", new(0.66f, 0.50f, 0.16f), 0.85f, 0.30f, 0.04f, 0.30f),
    ];

    public static Finish Of(string name) => All.First(f => f.Name == name);
}

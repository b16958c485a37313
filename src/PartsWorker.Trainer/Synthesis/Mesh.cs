using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>A part's surface, made once per geometry and rendered in every finish.</summary>
/// <param name="Positions">Part units, centered on the bounding box.</param>
/// <param name="Normals">Unit length, outward.</param>
/// <param name="Openness">0..1: how much of the surroundings each vertex sees (crevices are dark).</param>
/// <param name="Triangles">Three vertex numbers each, counter-clockwise from outside.</param>
internal sealed record Mesh(Vector3[] Positions, Vector3[] Normals, float[] Openness, int[] Triangles)
{
    /// <summary>Largest distance of any vertex from the center.</summary>
    public float Radius { get; } = MathF.Sqrt(Positions.Max(p => p.LengthSquared()));
}

using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>The surface of a part; created once per geometry and rendered in every finish.</summary>
/// <param name="Positions">Part units, centered on the bounding box.</param>
/// <param name="Normals">Unit length, outward.</param>
/// <param name="Openness">0..1: visible share of the surroundings per vertex (low in crevices).</param>
/// <param name="Triangles">Three vertex indices per triangle, counter-clockwise seen from outside.</param>
internal sealed record Mesh(Vector3[] Positions, Vector3[] Normals, float[] Openness, int[] Triangles)
{
    /// <summary>Largest distance of any vertex from the center.</summary>
    public float Radius { get; } = MathF.Sqrt(Positions.Max(p => p.LengthSquared()));
}

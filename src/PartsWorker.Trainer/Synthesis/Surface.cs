using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Shades one point of a part: scattering, reflections, the key light's highlight, grain and wear.</summary>
internal sealed class Surface(Finish finish, Studio studio, Vector3 wearOffset, float wear)
{
    /// <param name="inPart">Position in the part's own coordinates, which grain and wear depend on.</param>
    /// <param name="normal">Unit normal in the world.</param>
    /// <param name="toCamera">Unit vector.</param>
    /// <param name="openness">0..1, see <see cref="Mesh"/>.</param>
    /// <param name="lit">0..1: visible share of the key light.</param>
    public Vector3 Shade(Vector3 inPart, Vector3 normal, Vector3 toCamera, float openness, float lit)
    {
        var cloud = Noise.Cloud((inPart * 5) + wearOffset) - 0.5f;
        var tone = Vector3.Clamp(finish.Tone * (1 + (cloud * 2 * finish.Dirt * wear)), Vector3.Zero, Vector3.One);
        var roughness = Math.Clamp(finish.Roughness + (cloud * 0.25f * wear), 0.08f, 0.95f);
        normal = Grained(inPart, normal);
        var facing = MathF.Max(Vector3.Dot(normal, toCamera), 0.02f);
        var mirrored = Vector3.Normalize((2 * Vector3.Dot(normal, toCamera) * normal) - toCamera);
        var basis = Vector3.Lerp(new Vector3(0.04f), tone, finish.Metal);
        var fresnel = basis + ((Vector3.Max(new Vector3(1 - roughness), basis) - basis) * MathF.Pow(1 - facing, 5));
        var diffuse = tone * (1 - finish.Metal) * (
            (studio.Ambient(normal) * openness) + (studio.KeyPower * (lit * MathF.Max(Vector3.Dot(normal, studio.Key), 0))));
        var seen = studio.Reflection(mirrored, roughness) * float.Lerp(openness, 1, 0.25f);
        return diffuse + (fresnel * seen) + (fresnel * studio.KeyPower * (lit * Highlight(normal, toCamera, roughness)));
    }

    private Vector3 Grained(Vector3 inPart, Vector3 normal)
    {
        if (finish.Grain <= 0)
        {
            return normal;
        }

        var scratch = Noise.At(new Vector3(inPart.X * 70, inPart.Y * 9, inPart.Z * 70) + wearOffset) - 0.5f;
        var second = Noise.At(new Vector3(inPart.X * 30, inPart.Y * 30, inPart.Z * 30) + wearOffset) - 0.5f;
        return Vector3.Normalize(normal + (new Vector3(scratch, second, scratch - second) * (finish.Grain * 1.5f)));
    }

    /// <summary>GGX lobe of the key light, with a constant visibility term.</summary>
    private float Highlight(Vector3 normal, Vector3 toCamera, float roughness)
    {
        var half = Vector3.Normalize(toCamera + studio.Key);
        var a2 = roughness * roughness * roughness * roughness;
        var cos = MathF.Max(Vector3.Dot(normal, half), 0);
        var d = (cos * cos * (a2 - 1)) + 1;
        return MathF.Min(a2 / (MathF.PI * d * d) * 0.25f, 8) * MathF.Max(Vector3.Dot(normal, studio.Key), 0);
    }
}

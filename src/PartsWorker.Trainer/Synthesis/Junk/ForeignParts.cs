using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>
/// Rendered parts that no catalog contains: random bodies joined and drilled at random, in any color, under the light of the
/// <see cref="Studio"/>.
/// </summary>
internal static class ForeignParts
{
    private const int Side = 384;
    private const int MeshCells = 72;

    public static Canvas Paint(ref Dice dice)
    {
        var shape = new PartShape("foreign", Body(ref dice), (Rest)dice.Below(4));
        var mesh = SurfaceMesher.Create(shape.Body, MeshCells);
        var scene = new Scene(shape, mesh, Side * 2, ref dice);
        var renderer = new PartRenderer(Side * 2);
        renderer.Render(mesh, Surface(ref dice), scene);
        var rgb = new byte[Side * Side * 3];
        new CameraSensor(Side).Expose(renderer.Light, rgb, scene.Studio.WhiteCard, ref dice);
        var canvas = new Canvas(new(Side, Side));
        for (var i = 0; i < canvas.Pixels.Length; i++)
        {
            canvas.Pixels[i] = new Vector3(rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) / 255;
        }

        return canvas;
    }

    private static Finish Surface(ref Dice dice)
    {
        var color = dice.Chance(0.7f) ? Tint.Vivid(ref dice) : Tint.Any(ref dice);
        var metal = dice.Chance(0.25f) ? dice.Between(0.5f, 1) : 0;
        return new("foreign", color * color, metal, dice.Between(0.15f, 0.8f), dice.Between(0, 0.1f), dice.Between(0, 0.5f));
    }

    private static Solid Body(ref Dice dice)
    {
        var body = Piece(0.45f, 0.75f, ref dice);
        for (var i = 1 + dice.Below(4); i > 0; i--)
        {
            var piece = Moved(Piece(0.15f, 0.4f, ref dice), ref dice);
            body = dice.Chance(0.5f) ? body.Blend(piece, 0.15f) : body.And(piece);
        }

        for (var i = dice.Below(3); i > 0; i--)
        {
            body = body.Without(Solids.Hole(dice.Between(-0.4f, 0.4f), dice.Between(-0.4f, 0.4f), dice.Between(0.05f, 0.2f)));
        }

        return body.Within(Solids.Sphere(0.98f));
    }

    private static Solid Moved(Solid piece, ref Dice dice)
    {
        var axis = new Vector3(dice.Between(-1, 1), dice.Between(-1, 1), dice.Between(0.1f, 1));
        return piece.Turned(axis, dice.Between(0, 180)).At(dice.Between(-0.5f, 0.5f), dice.Between(-0.4f, 0.4f), dice.Between(-0.5f, 0.5f));
    }

    private static Solid Piece(float low, float high, ref Dice dice)
    {
        var (a, b, c) = (dice.Between(low, high), dice.Between(low, high) * 0.6f, dice.Between(low, high));
        var (count, depth) = (3 + dice.Below(7), dice.Between(0.05f, 0.15f));
        return dice.Below(8) switch
        {
            0 => Solids.Box(a, b, c, 0.06f),
            1 => Solids.Cylinder(a, b),
            2 => Solids.Sphere(a),
            3 => Solids.Cone(a, a * 0.4f, b),
            4 => Solids.Torus(a, b * 0.4f),
            5 => Solids.Extrude(p => Outlines.Lobes(p, count, a, depth), b * 0.5f),
            6 => Solids.Extrude(p => Outlines.Rectangle(p, a, c * 0.5f, 0.1f), b * 0.3f),
            _ => Solids.Arc(a, b * 0.4f, -2, 2),
        };
    }
}

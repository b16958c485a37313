using System.Numerics;
using PartsWorker.Trainer.Synthesis;
using PartsWorker.Trainer.Synthesis.Parts;

namespace PartsWorker.Trainer.Tests.Synthesis;

public sealed class SynthesizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-synthesis-").FullName;

    [Fact]
    public void The_catalog_has_122_classes_in_11_colors_half_turned_half_formed()
    {
        var parts = PartCatalog.Choose(PartCatalog.MaxClasses);
        Assert.Equal(122, parts.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(11, parts.Select(p => p.Finish.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal((61, 61), (parts.Count(p => p.ShapeId == 0), parts.Count(p => p.ShapeId == 1)));
        Assert.Null(PartCatalog.Labels(parts).FirstProblem());
    }

    [Fact]
    public void The_same_seed_gives_the_same_images_with_any_number_of_threads()
    {
        var plan = new SynthesisPlan { Classes = 2, PerClass = 2, Size = 32, Seed = 5 };
        var first = Render("a", plan with { Threads = 1 });
        Assert.Equal(first, Render("b", plan with { Threads = 3 }));
        Assert.NotEqual(first, Render("c", plan with { Seed = 6 }));
        Assert.Equal(2 * (2 + 1 + 1), first.Count(f => f.Contains(".png:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_single_split_has_the_same_images_as_in_the_whole_set()
    {
        var plan = new SynthesisPlan { Classes = 2, PerClass = 1, Size = 32, Seed = 5 };
        Assert.Equal(
            Render("all", plan).Where(
                f => !f.StartsWith("train", StringComparison.Ordinal) && !f.StartsWith("val", StringComparison.Ordinal)),
            Render("one", plan with { Only = "test" }));
        Assert.Equal(2, new Synthesizer(plan with { Only = "test" }, _folder).Images);
    }

    [Fact]
    public void No_two_images_of_a_class_show_the_same_scene()
    {
        long[] scenes =
        [
            .. Synthesizer.Splits.SelectMany(split =>
                Enumerable.Range(0, split == "train" ? 100_000 : 25_000).Select(number => Synthesizer.SceneOf(split, number))),
        ];
        Assert.Equal(scenes.Length, scenes.Distinct().Count());
        Assert.Equal((999, 1000, 2999), (scenes[999], Synthesizer.SceneOf("val", 0), Synthesizer.SceneOf("test", 999)));
    }

    [Fact]
    public void A_pressed_rib_is_visible_from_outside()
    {
        var brackets = Brackets.All().ToDictionary(s => s.Name, s => s.Body);
        var outerCorner = new Vector3(-0.5f, -0.5f, 0);
        Assert.True(brackets["l-bracket"](outerCorner) < 0);
        Assert.True(brackets["l-bracket-ribbed"](outerCorner) > 0);
        Assert.True(brackets["l-bracket-ribbed"](new(-0.4f, -0.45f, 0)) < 0, "there must be material behind the dent");
    }

    [Fact]
    public void White_parts_are_not_overexposed_in_any_light()
    {
        const int Size = 48;
        var white = PartCatalog.Choose(PartCatalog.MaxClasses).First(p => p.Name == "t-plate-white");
        var mesh = SurfaceMesher.Create(white.Shape.Body);
        var (renderer, sensor, rgb) = (new PartRenderer(Size * 2), new CameraSensor(Size), new byte[Size * Size * 3]);
        for (var image = 0; image < 12; image++)
        {
            var dice = Dice.For(1, 0, image);
            var scene = new Scene(white.Shape, mesh, Size * 2, ref dice);
            renderer.Render(mesh, white.Finish, scene);
            sensor.Expose(renderer.Light, rgb, scene.Studio.WhiteCard, ref dice);
            Assert.InRange(rgb.Count(v => v >= 248) / (double)rgb.Length, 0, 0.01);
            Assert.True(rgb.Max() > 150, $"image {image} is dark");
        }
    }

    [Fact]
    public void A_meshed_sphere_is_closed_round_and_faces_outward()
    {
        var mesh = SurfaceMesher.Create(Solids.Sphere(0.7f), 32);
        Assert.All(mesh.Positions, p => Assert.InRange(p.Length(), 0.68f, 0.72f));
        Assert.All(mesh.Positions.Zip(mesh.Normals), pair => Assert.True(Vector3.Dot(Vector3.Normalize(pair.First), pair.Second) > 0.99f));
        var edges = new HashSet<(int, int)>();
        for (var i = 0; i < mesh.Triangles.Length; i++)
        {
            Assert.True(edges.Add((mesh.Triangles[i], mesh.Triangles[i % 3 == 2 ? i - 2 : i + 1])));
        }

        Assert.All(edges, e => Assert.Contains((e.Item2, e.Item1), edges));
        var volume = Enumerable.Range(0, mesh.Triangles.Length / 3).Sum(t => Vector3.Dot(
            mesh.Positions[mesh.Triangles[3 * t]],
            Vector3.Cross(mesh.Positions[mesh.Triangles[(3 * t) + 1]], mesh.Positions[mesh.Triangles[(3 * t) + 2]])) / 6);
        Assert.InRange(volume, 1.38f, 1.46f);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<string> Render(string name, SynthesisPlan plan)
    {
        var folder = Path.Combine(_folder, name);
        new Synthesizer(plan, folder).Run();
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(folder, f)}:{Convert.ToBase64String(File.ReadAllBytes(f))}")];
    }
}

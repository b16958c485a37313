using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Proposes a color for each class: the basic color of most of its pixels. Pixels near the center count more, and those that look like the
/// background, the median color of the border, do not count.
/// </summary>
internal sealed class ColorProposal(IImageDecoder decoder)
{
    private const int Side = 64;
    private const int ImagesPerClass = 20;
    private const int BackgroundDistance = 48;

    // A part that fills the image has the color of the border.
    private const double LeastForeground = 0.05;

    /// <returns>The labels of <paramref name="data"/> with the colors that occur; shapes stay as they are.</returns>
    public LabelSet Propose(DataFolder data)
    {
        var images = data.Images.ToLookup(i => i.ClassId);
        var proposed = new int[data.Labels.Classes.Count];
        using var preprocessor = new Preprocessor(decoder, new() { Size = Side }, new());
        Parallel.For(0, proposed.Length, id => proposed[id] = ColorOf([.. images[id]], preprocessor));

        var used = proposed.Distinct().Order().ToList();
        return data.Labels with
        {
            Colors = [.. used.Select(color => BasicColors.Names[color])],
            Classes = [.. data.Labels.Classes.Select(c => c with { Color = used.IndexOf(proposed[c.Id]) })],
        };
    }

    private static int ColorOf(LabeledImage[] images, Preprocessor preprocessor)
    {
        var (votes, pixels) = (new double[BasicColors.Names.Count], new byte[preprocessor.ImageBytes]);
        var step = Math.Max(1, images.Length / ImagesPerClass);
        for (var i = 0; i < images.Length; i += step)
        {
            try
            {
                Vote(pixels, preprocessor.Prepare(File.ReadAllBytes(images[i].Path), pixels), votes);
            }
            catch (Exception error) when (
                error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
            {
                // Training names the files that it cannot read.
            }
        }

        return Array.IndexOf(votes, votes.Max());
    }

    // Every image has one vote, which its pixels share.
    private static void Vote(byte[] pixels, ImageSize size, double[] votes)
    {
        var content = Content(size);
        var background = Background(pixels, content);
        var part = Pixels(content).Where(at => !IsNear(pixels, at, background)).ToList();
        if (part.Count < LeastForeground * content.Width * content.Height)
        {
            part = [.. Pixels(content)];
        }

        var total = part.Sum(CenterWeight);
        foreach (var at in part)
        {
            votes[BasicColors.IndexOf(pixels[at], pixels[at + 1], pixels[at + 2])] += CenterWeight(at) / total;
        }
    }

    // A Gaussian around the center, with a quarter of the side as its standard deviation.
    private static double CenterWeight(int at)
    {
        var (x, y) = ((at / 3 % Side) - (Side / 2), (at / 3 / Side) - (Side / 2));
        return Math.Exp(-((x * x) + (y * y)) / (2.0 * (Side / 4) * (Side / 4)));
    }

    // The image without the bars of the letterbox.
    private static Area Content(ImageSize size)
    {
        var scale = Side / (double)Math.Max(size.Width, size.Height);
        var (width, height) = (Math.Max(1, (int)(size.Width * scale)), Math.Max(1, (int)(size.Height * scale)));
        return new((Side - width) / 2, (Side - height) / 2, width, height);
    }

    private static byte[] Background(byte[] pixels, Area area)
    {
        var border = Pixels(area).Where(at => area.IsBorder(at / 3 % Side, at / 3 / Side)).ToArray();
        return [.. Enumerable.Range(0, 3).Select(Median)];

        byte Median(int channel) => border.Select(at => pixels[at + channel]).Order().ElementAt(border.Length / 2);
    }

    private static IEnumerable<int> Pixels(Area area) =>
        from y in Enumerable.Range(area.Y, area.Height)
        from x in Enumerable.Range(area.X, area.Width)
        select ((y * Side) + x) * 3;

    private static bool IsNear(byte[] pixels, int at, byte[] color)
    {
        var (r, g, b) = (pixels[at] - color[0], pixels[at + 1] - color[1], pixels[at + 2] - color[2]);
        return (r * r) + (g * g) + (b * b) < BackgroundDistance * BackgroundDistance;
    }

    private sealed record Area(int X, int Y, int Width, int Height)
    {
        public bool IsBorder(int x, int y) => x == X || y == Y || x == X + Width - 1 || y == Y + Height - 1;
    }
}

namespace PartsWorker.Trainer.Data;

/// <summary>
/// The eleven basic color terms (Berlin and Kay 1969), told apart by hue, saturation and value. Warm light tints white things, so white
/// ends at a higher saturation between red and green.
/// </summary>
internal static class BasicColors
{
    private static readonly string[] All =
        ["black", "gray", "white", "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown"];

    public static IReadOnlyList<string> Names => All;

    /// <param name="r">Red, 0 to 255.</param>
    /// <param name="g">Green, 0 to 255.</param>
    /// <param name="b">Blue, 0 to 255.</param>
    /// <returns>An index into <see cref="Names"/>.</returns>
    public static int IndexOf(byte r, byte g, byte b)
    {
        var (most, least) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
        var (value, saturation) = (most / 255f, most == 0 ? 0 : (most - least) / (float)most);
        var hue = Hue(r, g, b, most, least);
        return Array.IndexOf(All, (value, saturation) switch
        {
            ( < 0.2f, _) => "black",
            ( > 0.6f, < 0.15f) => "white",
            ( > 0.6f, < 0.35f) when hue is > 15 and < 75 => "white",
            (_, < 0.15f) => "gray",
            _ => Chromatic(hue, saturation, value),
        });
    }

    private static string Chromatic(float hue, float saturation, float value) => hue switch
    {
        >= 335 or < 15 => saturation < 0.5f && value > 0.6f ? "pink" : "red",
        < 40 => value < 0.6f ? "brown" : "orange",
        < 56 => value < 0.4f ? "brown" : "yellow",
        < 170 => "green",
        < 250 => "blue",
        < 310 => "purple",
        _ => "pink",
    };

    /// <returns>Degrees, 0 to 360.</returns>
    private static float Hue(byte r, byte g, byte b, int most, int least)
    {
        float span = Math.Max(1, most - least);
        var sixth = most == r ? (g - b) / span : most == g ? ((b - r) / span) + 2 : ((r - g) / span) + 4;
        return ((sixth * 60) + 360) % 360;
    }
}

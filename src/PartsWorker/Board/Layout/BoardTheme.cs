using MudBlazor;

namespace PartsWorker.Board.Layout;

/// <summary>Fonts of the system, small steps, calm colors: a page that is looked at all day.</summary>
internal static class BoardTheme
{
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight { Primary = "#1d5fa8", Background = "#f7f8fa", Surface = "#ffffff" },
        PaletteDark = new PaletteDark { Primary = "#7db4f0", Background = "#14171c", Surface = "#1d2127" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = ["system-ui", "sans-serif"], FontSize = "0.9rem" } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px" },
    };
}

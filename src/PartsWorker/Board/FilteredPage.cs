using Microsoft.AspNetCore.Components;

namespace PartsWorker.Board;

/// <summary>A page whose address narrows it by place, model and time; each page says what its values mean.</summary>
public abstract class FilteredPage : BoardPage
{
    [SupplyParameterFromQuery]
    public string? Line { get; set; }

    [SupplyParameterFromQuery]
    public string? Camera { get; set; }

    [SupplyParameterFromQuery]
    public string? Model { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }
}

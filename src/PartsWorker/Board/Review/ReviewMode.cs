using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace PartsWorker.Board.Review;

/// <summary>Base of the two ways to review. The browser calls back for keys and selections: see review.js.</summary>
public abstract class ReviewMode : BoardPage
{
    private DotNetObjectReference<ReviewMode>? _self;

    [Parameter]
    [EditorRequired]
    public ReviewFilter Filter { get; set; } = new();

    /// <summary>Every class that a review may give.</summary>
    [Parameter]
    public IReadOnlyList<string> Classes { get; set; } = [];

    [Parameter]
    public bool MayDecide { get; set; }

    [Inject]
    private IJSRuntime Scripts { get; set; } = default!;

    /// <summary>The element in which the browser listens.</summary>
    protected ElementReference Root { get; set; }

    /// <summary>The function of review.js that listens there.</summary>
    protected abstract string Script { get; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await using var script = await Scripts.InvokeAsync<IJSObjectReference>("import", "./review.js");
            await script.InvokeVoidAsync(Script, Root, _self, Classes);
        }
    }

    protected override void OnClosed() => _self?.Dispose();
}

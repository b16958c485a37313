using PartsWorker.Bundles.Fusion;
using PartsWorker.Client;
using PartsWorker.Intake;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>
/// One image on its way through one model: its reference, then its size and its classification. <see cref="Lifetime"/> owns what it holds.
/// </summary>
internal sealed class Part(ImageReference reference, PartLifetime lifetime, bool shadow)
{
    public ImageReference Reference { get; } = reference;

    public PartLifetime Lifetime { get; } = lifetime;

    /// <summary>Classified beside the active model for comparison only; its failures never touch the message.</summary>
    public bool Shadow { get; } = shadow;

    public Delivery Delivery => Lifetime.Delivery;

    public IServedModel Model => Lifetime.Model;

    /// <summary>Of the image before letterboxing, in pixels.</summary>
    public int Width { get; set; }

    /// <summary>Of the image before letterboxing, in pixels.</summary>
    public int Height { get; set; }

    public Verdict? Verdict { get; set; }

    /// <summary>Time of its batch in the model, divided by the parts in the batch.</summary>
    public TimeSpan ModelTime { get; set; }

    /// <summary>Its row, once it is being stored.</summary>
    public ResultRow? Row { get; set; }
}

using System.Buffers;
using System.Diagnostics;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Client;
using PartsWorker.Intake;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>One image on its way: the message, the pixels its model wants, and later the verdict. It owns a pooled buffer and a lease on its model.</summary>
internal sealed class Part(Delivery delivery, ImageReference reference, ModelLease lease, bool shadow) : IDisposable
{
    private byte[]? _pixels = ArrayPool<byte>.Shared.Rent(lease.Model.ImageBytes);
    private bool _disposed;

    public Delivery Delivery { get; } = delivery;

    public ImageReference Reference { get; } = reference;

    public IServedModel Model => lease.Model;

    /// <summary>Judged beside the active model for comparison only; its failures never touch the message.</summary>
    public bool Shadow { get; } = shadow;

    public int Width { get; set; }

    public int Height { get; set; }

    /// <summary>From delivery to committed row; null where nobody traces.</summary>
    public Activity? Span { get; set; }

    public Verdict? Verdict { get; set; }

    /// <summary>Called once when the part is settled or given up.</summary>
    public Action? Ended { get; set; }

    /// <summary>Letterboxed RGB, <c>ImageBytes</c> long.</summary>
    public Span<byte> Pixels => _pixels!.AsSpan(0, lease.Model.ImageBytes);

    /// <summary>Gives the pixels back: once the verdict is there nobody looks at them, and many parts may wait for the database.</summary>
    public void ReleasePixels()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        Span?.Dispose();
        ReleasePixels();
        lease.Dispose();
        Ended?.Invoke();
    }
}

using System.Buffers;
using System.Diagnostics;
using PartsWorker.Intake;
using PartsWorker.Pipeline.Scheduling;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline;

/// <summary>
/// Owns everything a part holds, from loading to its end, and releases each item exactly once.
/// <code>
/// holds                    counted in                         released by
/// share of the delivery    Delivery, with the shadow's part   Settle; the last share acknowledges the message
/// lease of the model       ModelUse, with all its parts       Settle or Dispose; the last lease of a retired model unloads it
/// live entry               ReprocessShare, with all live      Settle or Dispose
/// pixels                   -                                  ReleasePixels once the model has run, else Settle or Dispose
/// span                     -                                  Settle or Dispose
///
/// a part that              ends with
/// is stored                Settle
/// fails                    the failure router, which settles the delivery itself once the broker has the copy; then Dispose
/// fails as a shadow        Settle: the message is not affected
/// is aborted at shutdown   neither: the message stays unacknowledged and the broker delivers it again
/// </code>
/// </summary>
internal sealed class PartLifetime(Delivery delivery, ModelLease lease, ReprocessShare.LiveEntry live) : IDisposable
{
    private byte[]? _pixels = ArrayPool<byte>.Shared.Rent(lease.Model.ImageBytes);
    private bool _ended;

    public Delivery Delivery { get; } = delivery;

    public IServedModel Model => lease.Model;

    /// <summary>Letterboxed RGB, <c>ImageBytes</c> long; not to be used after <see cref="ReleasePixels"/>.</summary>
    public Span<byte> Pixels => _pixels!.AsSpan(0, lease.Model.ImageBytes);

    /// <summary>From delivery to committed row; null when tracing is off.</summary>
    public Activity? Span { get; set; }

    /// <summary>Frees the pixels as soon as the part is classified: many classified parts may wait for the database.</summary>
    public void ReleasePixels()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    /// <summary>Settles the part's share of the delivery, then releases everything else.</summary>
    public void Settle() => End(settle: true);

    /// <summary>Releases everything except the share of the delivery.</summary>
    public void Dispose() => End(settle: false);

    private void End(bool settle)
    {
        if (Interlocked.Exchange(ref _ended, true))
        {
            return;
        }

        if (settle)
        {
            Delivery.Done();
        }

        Span?.Dispose();
        ReleasePixels();
        lease.Dispose();
        live.Dispose();
    }
}

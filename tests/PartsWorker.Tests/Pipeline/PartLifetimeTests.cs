using PartsWorker.Client;
using PartsWorker.Pipeline;
using PartsWorker.Pipeline.Scheduling;
using PartsWorker.Serving;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public sealed class PartLifetimeTests
{
    private readonly FakeAcknowledger _acknowledger = new();
    private readonly ReprocessShare _share = new(new PipelineOptions(), new WakeSignal(), new ManualTime());

    [Fact]
    public void A_part_that_gave_its_pixels_back_keeps_its_model_and_stays_on_its_way_until_it_ends()
    {
        var model = new FakeModel();
        var lifetime = Lifetime(model);

        lifetime.ReleasePixels();
        Assert.False(model.IsDisposed);
        Assert.True(_share.Facts.LiveOnTheWay);

        lifetime.Settle();
        Assert.True(model.IsDisposed);
        Assert.False(_share.Facts.LiveOnTheWay);
        Assert.Single(_acknowledger.Tags);
    }

    [Fact]
    public void A_part_ends_once_however_often_it_is_ended()
    {
        using var other = Lifetime(new FakeModel());
        var lifetime = Lifetime(new FakeModel());

        lifetime.Settle();
        lifetime.Settle();
        lifetime.Dispose();

        Assert.Single(_acknowledger.Tags);
        Assert.True(_share.Facts.LiveOnTheWay);
    }

    [Fact]
    public void A_part_that_is_disposed_leaves_its_message_to_the_broker()
    {
        var model = new FakeModel();
        var lifetime = Lifetime(model);

        lifetime.Dispose();
        lifetime.Settle();

        Assert.True(model.IsDisposed);
        Assert.Empty(_acknowledger.Tags);
    }

    // The model's only lease: it is unloaded with it.
    private PartLifetime Lifetime(FakeModel model)
    {
        var delivery = Some.Delivery(Lane.Live, _acknowledger);
        var use = new ModelUse(model);
        var lifetime = new PartLifetime(delivery, use.TryLease()!.Value, _share.Enter(delivery));
        use.Release();
        return lifetime;
    }
}

using PartsWorker.Pipeline;
using PartsWorker.Serving;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public sealed class PartTests
{
    [Fact]
    public void A_part_that_gave_its_pixels_back_keeps_its_model_until_it_is_done_and_ends_once()
    {
        var model = new FakeModel();
        var use = new ModelUse(model);
        var ended = 0;
        var part = new Part(Some.Delivery(), Some.Reference(), use.TryLease()!.Value, shadow: false) { Ended = () => ended++ };
        use.Release();

        part.ReleasePixels();
        Assert.False(model.IsDisposed);

        part.Dispose();
        part.Dispose();
        Assert.True(model.IsDisposed);
        Assert.Equal(1, ended);
    }
}

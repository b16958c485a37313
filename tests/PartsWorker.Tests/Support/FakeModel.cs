using PartsWorker.Bundles.Fusion;
using PartsWorker.Serving;

namespace PartsWorker.Tests.Support;

/// <summary>Classifies by the first pixel: class = pixel value. Pixel 13 is poison: every run that contains it throws.</summary>
internal sealed class FakeModel(string key = "fake@1", int maxBatch = 8) : IServedModel
{
    public const byte Poison = 13;

    private int _prepared;
    private int _running;

    public string Key => key;

    public string Device => "cpu";

    public string Precision => "int8";

    public int MaxBatch => maxBatch;

    public int ImageBytes => 4;

    public int InFlight { get; set; } = 1;

    public List<int> BatchSizes { get; } = [];

    /// <summary>Images prepared so far.</summary>
    public int Prepared => Volatile.Read(ref _prepared);

    /// <summary>Runs that have begun and not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The most of them that existed at the same time.</summary>
    public int MostRunning { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>When set, a run waits for it: the device is busy.</summary>
    public SemaphoreSlim? Gate { get; set; }

    /// <summary>Called before each image is prepared; may throw.</summary>
    public Action BeforePrepare { get; set; } = () => { };

    public (int Width, int Height) Prepare(ReadOnlySpan<byte> encoded, Span<byte> pixels)
    {
        BeforePrepare();
        Interlocked.Increment(ref _prepared);
        pixels.Clear();
        encoded[..Math.Min(encoded.Length, pixels.Length)].CopyTo(pixels);
        return (encoded.Length, 1);
    }

    public IModelRun Rent() => new Run(this);

    public IReadOnlyList<string> ClassNames { get; } = [.. Enumerable.Range(0, 200).Select(id => $"class-{id}")];

    public string ColorName(int id) => $"color-{id}";

    public string ShapeName(int id) => $"shape-{id}";

    public void Dispose() => IsDisposed = true;

    private sealed class Run(FakeModel model) : IModelRun
    {
        private readonly byte[][] _slots = [.. Enumerable.Range(0, model.MaxBatch).Select(_ => new byte[4])];

        public Span<byte> Slot(int index) => _slots[index];

        public void Classify(int count)
        {
            var running = Interlocked.Increment(ref model._running);
            model.Gate?.Wait(TimeSpan.FromSeconds(30));
            Interlocked.Decrement(ref model._running);
            lock (model.BatchSizes)
            {
                model.BatchSizes.Add(count);
                model.MostRunning = Math.Max(model.MostRunning, running);
            }

            if (_slots.Take(count).Any(slot => slot[0] == Poison))
            {
                throw new InvalidOperationException("poisoned batch");
            }
        }

        public Verdict Verdict(int index) => Some.Verdict(_slots[index][0]);

        public void Dispose()
        {
        }
    }
}

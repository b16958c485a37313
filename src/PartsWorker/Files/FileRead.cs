using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary>
/// One blocking read on a thread of the pool, and the wait beside it: who gives up leaves the read behind, which then throws its bytes away.
/// Instances that ended in the ordinary way are used again.
/// </summary>
internal sealed class FileRead : IThreadPoolWorkItem, IValueTaskSource<FetchedImage>
{
    private const int Reading = 0;
    private const int Finished = 1;
    private const int Abandoned = 2;
    private static readonly ConcurrentQueue<FileRead> Idle = new();

    // The waiting loop goes on upon the thread that has the bytes: one change of threads less per image.
    private ManualResetValueTaskSourceCore<FetchedImage> _answer;
    private CancellationTokenRegistration _giveUp;
    private CancellationToken _cancellation;
    private FileSource? _source;
    private string _reference = "";
    private FileRoot? _root;
    private int _state;

    public static ValueTask<FetchedImage> StartAsync(
        FileSource source, string reference, FileRoot root, CancellationToken cancellation)
    {
        var reading = Idle.TryDequeue(out var idle) ? idle : new FileRead();
        (reading._source, reading._reference, reading._root, reading._cancellation) = (source, reference, root, cancellation);
        var answer = new ValueTask<FetchedImage>(reading, reading._answer.Version);
        reading._giveUp = cancellation.UnsafeRegister(static self => ((FileRead)self!).Abandon(), reading);
        ThreadPool.UnsafeQueueUserWorkItem(reading, preferLocal: false);
        return answer;
    }

    void IThreadPoolWorkItem.Execute()
    {
        FetchedImage? image = null;
        Exception? failure = null;
        try
        {
            image = _source!.ReadInPlace(_reference, _root!, _cancellation);
        }
        catch (Exception error)
        {
            // Whatever it is, it belongs to whoever waits.
            failure = error;
        }

        if (Interlocked.CompareExchange(ref _state, Finished, Reading) != Reading)
        {
            image?.Dispose();
        }
        else if (failure is null)
        {
            _answer.SetResult(image!);
        }
        else
        {
            _answer.SetException(failure);
        }
    }

    FetchedImage IValueTaskSource<FetchedImage>.GetResult(short token)
    {
        _giveUp.Dispose();
        try
        {
            return _answer.GetResult(token);
        }
        finally
        {
            if (_state == Finished)
            {
                _answer.Reset();
                (_state, _source, _root, _giveUp, _cancellation) = (Reading, null, null, default, default);
                Idle.Enqueue(this);
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<FetchedImage>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<FetchedImage>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private void Abandon()
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Reading) == Reading)
        {
            _answer.SetException(new OperationCanceledException(_cancellation));
        }
    }
}

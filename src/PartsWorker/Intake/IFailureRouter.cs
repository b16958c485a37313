using PartsWorker.Failures;

namespace PartsWorker.Intake;

/// <summary>Where failed parts go: a delayed retry queue or the dead letters.</summary>
internal interface IFailureRouter : IAsyncDisposable
{
    /// <summary>Forwards the message and settles the delivery once the broker has confirmed the copy.</summary>
    Task RouteAsync(Delivery delivery, PipelineStage stage, PartFailureException failure, CancellationToken abort);
}

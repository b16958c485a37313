using PartsWorker.Failures;

namespace PartsWorker.Intake;

/// <summary>Where failed parts go: a delayed retry queue or the dead letters.</summary>
internal interface IFailureRouter : IAsyncDisposable
{
    /// <summary>Forwards the message, confirmed by the broker, and only then counts the delivery as done.</summary>
    Task RouteAsync(Delivery delivery, PipelineStage stage, PartFailureException failure, CancellationToken abort);
}

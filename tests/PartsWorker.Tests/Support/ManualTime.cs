using Microsoft.Extensions.Time.Testing;

namespace PartsWorker.Tests.Support;

/// <summary>Time that moves only when a test says so.</summary>
internal sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 5, 4, 6, 0, 0, TimeSpan.Zero));

using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PartsWorker.Bench.Images;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Database;
using PartsWorker.Hosting;
using PartsWorker.Inference;
using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.Results;
using PartsWorker.Serving;

namespace PartsWorker.Bench.Measured;

/// <summary>
/// The process that is measured: the worker as <c>run</c> builds it, with a clock in front of its sink. It answers each line on standard
/// input with a <see cref="BenchMark"/>, and exits when its input ends.
/// </summary>
internal static class BenchWorker
{
    public const string Prefix = "BENCH ";

    /// <summary>The line that also requests latencies.</summary>
    public const string TakeLatencies = "latencies";

    /// <summary>The line that collects garbage before the answer; any other line only requests counters.</summary>
    public const string Collect = "collect";

    /// <summary>Runs the worker; <paramref name="memory"/> replaces broker and database, <paramref name="none"/> the model.</summary>
    public static async Task<int> RunAsync(IConfiguration configuration, bool memory, bool none, CancellationToken cancellation)
    {
        CommitClock? clock = null;
        using var host = WorkerHost.Create(configuration, services => Change(services, memory, none, sink => clock = sink));
        if (!none)
        {
            host.Services.GetRequiredService<ModelRack>().LoadPinned();
        }

        var state = host.Services.GetRequiredService<WorkerState>();
        await host.StartAsync(cancellation);
        while (!memory && state.Problems.Keys.Any(about => about.StartsWith("broker", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }

        var service = host.Services.GetRequiredService<PipelineService>();
        await AnswerAsync(take => clock!.Read(take) with { Failure = service.Failure?.Message });
        await host.StopAsync(CancellationToken.None);
        return 0;
    }

    /// <summary>
    /// Creates both sessions and nothing else, and runs each batch size of a worker twice: this is the memory and the time that any worker
    /// needs.
    /// </summary>
    public static async Task<int> RunBareAsync(string bundle, InferenceOptions options)
    {
        var opened = ModelBundle.Open(bundle);
        var started = Stopwatch.GetTimestamp();
        using var classifier = DualStageClassifier.Load(opened, options, NullLogger.Instance);
        var mark = new BenchMark { SessionMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
        await Task.WhenAll(Enumerable.Range(0, classifier.InFlight).Select(_ => Task.Run(() => RunEachSizeTwice(classifier))));
        await AnswerAsync(_ => mark);
        return 0;
    }

    private static void RunEachSizeTwice(DualStageClassifier classifier)
    {
        using var batch = classifier.CreateBatch();
        for (var run = 0; run < 2 * batch.Capacity; run++)
        {
            classifier.Run(batch, batch.Capacity - (run / 2));
        }
    }

    private static void Change(IServiceCollection services, bool memory, bool none, Action<CommitClock> take)
    {
        if (memory)
        {
            services.Replace(ServiceDescriptor.Singleton<IIntake>(provider =>
                new MemoryIntake(
                    BenchImages.Find(provider.GetRequiredService<IConfiguration>()["Images:Roots:0"]!),
                    provider.GetRequiredService<TimeProvider>())));
            services.Replace(ServiceDescriptor.Singleton<IFailureRouter, NoFailures>());
            services.Replace(ServiceDescriptor.Singleton<IDatabaseProbe, NoSink>());
            // The model source requires it, although following the active model is switched off here.
            services.Replace(ServiceDescriptor.Singleton(_ => NpgsqlDataSource.Create("Host=unused")));
        }

        if (none)
        {
            services.AddSingleton<StandInModel>();
            services.Replace(ServiceDescriptor.Singleton<IModelSource>(provider => provider.GetRequiredService<StandInModel>()));
        }

        services.Replace(ServiceDescriptor.Singleton<IResultSink>(provider =>
        {
            IResultSink sink = memory ? new NoSink() : ActivatorUtilities.CreateInstance<ResultWriter>(provider);
            var clock = new CommitClock(sink, provider.GetRequiredService<TimeProvider>());
            take(clock);
            return clock;
        }));
    }

    // On its own thread: reading standard input blocks, and the threads of the pool are part of what is measured.
    private static Task AnswerAsync(Func<bool, BenchMark> read) => Task.Factory.StartNew(
        () =>
        {
            Print(read(false));
            while (Console.In.ReadLine() is { } line)
            {
                if (line == Collect)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }

                Print(read(line == TakeLatencies));
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Print(BenchMark mark) =>
        Console.WriteLine(Prefix + JsonSerializer.Serialize(mark, JsonSerializerOptions.Web));
}

using PartsWorker.Pipeline;
using PartsWorker.Pipeline.Scheduling;

namespace PartsWorker.Tests.Pipeline.Scheduling;

/// <summary>One row per line of the table in <see cref="CutPolicy"/>, under its number; the letters are the limits of a line.</summary>
public sealed class CutPolicyTests
{
    private static readonly PipelineOptions Options = new() { Fill = Ms(80), Linger = Ms(50) };

    // Two of eight live parts, more of them coming; nothing applies but the last two lines.
    private static readonly Situation Idle = new()
    {
        HasRoom = true,
        DeviceIdle = true,
        Capacity = 8,
        Live = 2,
        Reprocess = 0,
        LiveMessages = 1,
        ReprocessMessages = 0,
        OtherModelNext = false,
        Waited = Ms(10),
        Share = new(MostParts: 4, LastRun: TimeSpan.Zero, SinceRun: Ms(0), SinceLive: TimeSpan.MaxValue, LiveOnTheWay: false),
    };

    private static readonly Situation Busy = Idle with { DeviceIdle = false };

    // A CPU: reprocessed parts alone, 30 ms after one of their runs, which took 20 ms, and 1 s after the last live part.
    private static readonly Situation Yielding = Idle with
    {
        Live = 0,
        Reprocess = 1,
        LiveMessages = 0,
        Share = new(MostParts: 4, LastRun: Ms(20), SinceRun: Ms(30), SinceLive: Ms(1000), LiveOnTheWay: false),
    };

    private static readonly ReprocessFacts LiveOnTheWay = Yielding.Share with { LiveOnTheWay = true };

    // A device that never rests: reprocessed parts alone, more of them coming.
    private static readonly Situation Reprocessing = Idle with { Live = 0, LiveMessages = 0, ReprocessMessages = 9 };

    private static readonly Dictionary<string, (Situation Now, CutDecision Expected)> Table = new()
    {
        ["1"] = (Busy with { HasRoom = false, Live = 8, Waited = Ms(5000) }, CutDecision.WaitForSignal),
        ["2"] = (Idle with { Live = 8 }, Cut(CutReason.Full)),
        ["2, before linger"] = (Busy with { Live = 8, Waited = Ms(5000) }, Cut(CutReason.Full)),
        ["3"] = (Yielding with { DeviceIdle = false, Waited = Ms(5000) }, Wait(4000)),
        ["3, not for a live part"] = (Yielding with { DeviceIdle = false, Live = 1, Waited = Ms(5000) }, Cut(CutReason.Linger)),
        ["4"] = (Yielding with { Share = LiveOnTheWay }, Wait(220)),
        ["4, over"] = (Yielding with { Share = LiveOnTheWay with { SinceRun = Ms(250) } }, Cut(CutReason.Idle)),
        ["5"] = (Yielding, Wait(30)),
        ["5, over"] = (Yielding with { Share = Yielding.Share with { SinceRun = Ms(60) } }, Cut(CutReason.Idle)),
        ["5, no live part for 5 s"] = (Yielding with { Share = Yielding.Share with { SinceLive = Ms(5000) } }, Cut(CutReason.Idle)),
        ["5, a device that never rests"] = (Yielding with { Share = Yielding.Share with { LastRun = TimeSpan.Zero } }, Cut(CutReason.Idle)),
        ["6"] = (Idle with { LiveMessages = 0 }, Cut(CutReason.Idle)),
        ["6, a live part waits for no reprocessed message"] = (Idle with { LiveMessages = 0, ReprocessMessages = 9 }, Cut(CutReason.Idle)),
        ["6, a reprocessed part does"] = (Reprocessing with { Reprocess = 3 }, Wait(70)),
        ["6, up to the most of a run"] = (Reprocessing with { Reprocess = 4 }, Cut(CutReason.Idle)),
        ["7"] = (Idle with { Waited = Ms(80) }, Cut(CutReason.Idle)),
        ["8"] = (Idle with { Live = 4, Reprocess = 9 }, Cut(CutReason.Full)),
        ["8, before linger"] = (Busy with { Live = 4, Reprocess = 9, Waited = Ms(50) }, Cut(CutReason.Full)),
        ["8, only the most of a run join"] = (Busy with { Live = 3, Reprocess = 9 }, Wait(40)),
        ["9"] = (Busy with { Waited = Ms(50) }, Cut(CutReason.Linger)),
        ["9, before another model"] = (Busy with { Waited = Ms(50), OtherModelNext = true }, Cut(CutReason.Linger)),
        ["9, not when idle"] = (Idle with { Waited = Ms(50) }, Wait(30)),
        ["10"] = (Idle with { OtherModelNext = true }, Cut(CutReason.Model)),
        ["10, busy"] = (Busy with { OtherModelNext = true }, Cut(CutReason.Model)),
        ["11"] = (Idle, Wait(70)),
        ["12"] = (Busy, Wait(40)),
    };

    public static TheoryData<string> Lines => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_line_of_the_table_decides_as_it_says(string line) =>
        Assert.Equal(Table[line].Expected, CutPolicy.Decide(Table[line].Now, Options));

    private static CutDecision Cut(CutReason reason) => CutDecision.Cut(reason);

    private static CutDecision Wait(double milliseconds) => CutDecision.Wait(Ms(milliseconds));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}

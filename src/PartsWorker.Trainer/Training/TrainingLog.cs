using System.Globalization;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// Logs a run to the console (a progress bar on a terminal, otherwise occasional lines), to a CSV file for reports, and as TensorBoard
/// events.
/// </summary>
internal sealed class TrainingLog(string name, string folder, TextWriter console, bool terminal, TimeProvider time) : IDisposable
{
    private const int CsvEvery = 10;
    private const double PlainSeconds = 15;
    private const string CsvHeader = "step,epoch,images,seconds,loss,accuracy,learning_rate,val_loss,val_top1";
    private readonly EventFile _events = new(folder, name, time);
    private readonly string _csv = Path.Combine(folder, name + ".csv");
    private long _started;
    private double _before;
    private double _lastWritten;
    private long _firstStep;
    private TrainingOptions? _options;
    private double _loss;
    private double _accuracy;

    /// <summary>Seconds of training, including earlier parts of a resumed run.</summary>
    public double Seconds => _before + time.GetElapsedTime(_started).TotalSeconds;

    public void Begin(TrainingOptions options, Progress progress)
    {
        (_options, _started, _before, _firstStep) = (options, time.GetTimestamp(), progress.Seconds, progress.Step);
        var kept = File.Exists(_csv) ? File.ReadLines(_csv).Skip(1).Where(line => StepOf(line) <= progress.Step).ToArray() : [];
        File.WriteAllLines(_csv, [CsvHeader, .. progress.Step == 0 ? [] : kept]);
        var resumed = progress.Step > 0 ? $", resumed at step {progress.Step}" : string.Empty;
        var length = options.Minutes > 0 ? $"{options.Minutes:g} minutes" : $"{options.Steps} steps";
        Print($"{options.Network.Backbone} at {options.Network.InputSize} px, batch {options.BatchSize}, {length}{resumed}");
    }

    public void Step(Progress progress, double done, StepResult result, float rate, double norm)
    {
        var share = progress.Step - _firstStep <= 1 ? 1 : 0.05;
        _loss += share * (result.Loss - _loss);
        _accuracy += share * (result.Accuracy - _accuracy);
        if (progress.Step % CsvEvery == 0)
        {
            Row(
                progress,
                result.Loss.ToString("g6", CultureInfo.InvariantCulture),
                $"{_accuracy:f4}",
                $"{rate:g4}",
                string.Empty,
                string.Empty);
            _events.Scalars(
                progress.Step,
                ("train/loss", result.Loss),
                ("train/accuracy", _accuracy),
                ("train/learning_rate", rate),
                ("train/gradient_norm", norm));
        }

        WriteProgress(progress, done);
    }

    public void Validated(Progress progress, Validation validation)
    {
        Row(progress, string.Empty, string.Empty, string.Empty, $"{validation.Loss:g6}", $"{validation.Accuracy:f4}");
        _events.Scalars(progress.Step, ("validation/loss", validation.Loss), ("validation/accuracy", validation.Accuracy));
        var shape = validation.ShapeAccuracy > 0 ? $", shape {validation.ShapeAccuracy:p1}" : string.Empty;
        Print($"step {progress.Step}: validation loss {validation.Loss:f4}, accuracy {validation.Accuracy:p1}{shape}");
    }

    public void End(Ending ending) => Print($"{ending.ToString().ToLowerInvariant()} after {Seconds:f0} s");

    public void Print(string line)
    {
        console.Write(terminal ? "\r\u001b[K" : string.Empty);
        console.WriteLine($"{name}: {line}");
    }

    public void Dispose() => _events.Dispose();

    private void WriteProgress(Progress progress, double share)
    {
        var elapsed = time.GetElapsedTime(_started).TotalSeconds;
        if (elapsed - _lastWritten < (terminal ? 0.2 : PlainSeconds))
        {
            return;
        }

        _lastWritten = elapsed;
        var done = progress.Step - _firstStep;
        var speed = done * _options!.BatchSize / elapsed;
        var left = TimeSpan.FromSeconds(Seconds * (1 - share) / Math.Max(share, 1e-6));
        var bar = terminal ? Bar(share) + " " : string.Empty;
        var line = $"{bar}step {progress.Step} ({share:p1})  {speed:f0} images/s  loss {_loss:f3}  accuracy {_accuracy:p1}  ETA "
            + $"{left:hh\\:mm\\:ss}";
        if (terminal)
        {
            console.Write($"\r\u001b[K{name}: {line}");
        }
        else
        {
            Print(line);
        }
    }

    private void Row(Progress progress, string loss, string accuracy, string rate, string validationLoss, string validationTop1)
    {
        var epoch = _options!.StepsPerEpoch > 0 ? $"{progress.Step / (double)_options.StepsPerEpoch:f3}" : string.Empty;
        var images = progress.Step * _options.BatchSize;
        File.AppendAllText(
            _csv, $"{progress.Step},{epoch},{images},{Seconds:f1},{loss},{accuracy},{rate},{validationLoss},{validationTop1}\n");
    }

    private static long StepOf(string line) =>
        long.TryParse(line.AsSpan(0, Math.Max(0, line.IndexOf(',', StringComparison.Ordinal))), out var step) ? step : long.MaxValue;

    private static string Bar(double share)
    {
        const int Width = 24;
        var full = (int)(share * Width);
        return $"[{new string('=', full)}{new string(' ', Width - full)}]";
    }
}

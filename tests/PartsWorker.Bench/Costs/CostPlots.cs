using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using PartsWorker.Bench.Sizing;

namespace PartsWorker.Bench.Costs;

/// <summary>One SVG file per curve of a cost table.</summary>
internal static class CostPlots
{
    private const int Width = 640;
    private const int Height = 400;
    private const int QueriesShown = 6;
    private const int TitleDistance = 10;
    private const int LineSpacing = 4;

    public static void Write(CostTable table, string folder)
    {
        Directory.CreateDirectory(folder);
        Save(Decode(table), Path.Combine(folder, "decode.svg"));
        foreach (var model in table.Workers.GroupBy(worker => worker.Model, StringComparer.Ordinal))
        {
            Save(
                Linear(
                    $"Images per second, {model.Key}", "workers on the same cores", "images/s",
                    Line(model.Key, model.Select(worker => (worker.Workers, worker.ImagesPerSecond)))),
                Path.Combine(folder, $"workers-{model.Key}.svg"));
        }

        var memory = table.Workers.GroupBy(worker => worker.Model, StringComparer.Ordinal)
            .Select(model => Line(model.Key, model.Select(worker => (worker.Workers, worker.Workers * worker.PeakMb))));
        Save(Linear("Memory of the workers", "workers", "MB", [.. memory]), Path.Combine(folder, "memory.svg"));
        Save(
            Logarithmic(
                "Memory of the broker", "messages that wait", "MB", isLogarithmic: false,
                Line("broker", table.Backlogs.Select(backlog => ((double)backlog.Messages, backlog.BrokerMb)))),
            Path.Combine(folder, "backlog.svg"));
        Save(
            Logarithmic(
                "Rows stored per second", "rows in the table", "rows/s", isLogarithmic: false,
                Line("256 rows per transaction", table.Tables.Select(size => ((double)size.Rows, size.RowsPerSecond)))),
            Path.Combine(folder, "rows.svg"));
        Save(Queries(table), Path.Combine(folder, "queries.svg"));
        Save(Points(table), Path.Combine(folder, "error.svg"));
        Scale(new ScaleUp(ScalePlan.Example(table)).Run(), Path.Combine(folder, "scale.svg"));
    }

    /// <summary>The length of a queue over time, and its workers.</summary>
    public static void Scale(IReadOnlyList<ScaleMoment> moments, string file) => Save(
        Linear(
            "Queue while workers are added (calculated)", "seconds", "messages",
            Line("messages", moments.Select(moment => ((double)moment.Second, moment.Queue)), MarkerType.None)),
        file);

    private static PlotModel Decode(CostTable table)
    {
        // Precisions of one bundle share its decoding.
        var lines = table.Models.DistinctBy(model => model.Bundle)
            .Select(model => Line(model.Bundle, table.Pictures.Select(p => (p.Megapixels, model.DecodeCpuMs[p.Size]))));
        return Linear("Decoding", "megapixels", "CPU ms per image", [.. lines]);
    }

    private static PlotModel Queries(CostTable table)
    {
        var slowest = table.Tables[^1].QueryMs.OrderByDescending(query => query.Value).Take(QueriesShown).Select(query => query.Key);
        var lines = slowest.Select(name => Line(
            name,
            table.Tables.Where(size => size.QueryMs.ContainsKey(name)).Select(size => ((double)size.Rows, size.QueryMs[name]))));
        return Logarithmic("The slowest documented queries", "rows in the table", "ms", isLogarithmic: true, [.. lines]);
    }

    private static PlotModel Points(CostTable table)
    {
        var most = table.Points.Select(point => Math.Max(point.PredictedImagesPerSecond, point.MeasuredImagesPerSecond)).DefaultIfEmpty(1);
        var least = table.Points.Select(point => Math.Min(point.PredictedImagesPerSecond, point.MeasuredImagesPerSecond)).DefaultIfEmpty(1);
        var diagonal = Line("no error", new[] { least.Min(), most.Max() }.Select(rate => (rate, rate)), MarkerType.None);
        var points = Line("measured", table.Points.Select(point => (point.PredictedImagesPerSecond, point.MeasuredImagesPerSecond)));
        points.LineStyle = LineStyle.None;
        return Logarithmic("Prediction and measurement", "predicted images/s", "measured images/s", isLogarithmic: true, diagonal, points);
    }

    private static PlotModel Linear(string title, string x, string y, params Series[] series) =>
        Model(title, Axis(AxisPosition.Bottom, x, isLogarithmic: false), Axis(AxisPosition.Left, y, isLogarithmic: false), series);

    private static PlotModel Logarithmic(string title, string x, string y, bool isLogarithmic, params Series[] series) =>
        Model(title, Axis(AxisPosition.Bottom, x, isLogarithmic: true), Axis(AxisPosition.Left, y, isLogarithmic), series);

    private static PlotModel Model(string title, Axis x, Axis y, Series[] series)
    {
        // The library knows the widths of this font; of others it cuts the text.
        var model = new PlotModel { Title = title, TitleFontSize = 15, DefaultFont = "Arial", Background = OxyColors.White };
        model.Axes.Add(x);
        model.Axes.Add(y);
        model.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.BottomCenter,
            LegendPlacement = LegendPlacement.Outside,
            LegendMaxWidth = Width,
            LegendLineSpacing = LineSpacing,
        });
        model.IsLegendVisible = series.Length > 1;
        Array.ForEach(series, model.Series.Add);
        return model;
    }

    private static Axis Axis(AxisPosition position, string title, bool isLogarithmic)
    {
        Axis axis = isLogarithmic ? new LogarithmicAxis { MinimumPadding = 0.05 } : new LinearAxis { Minimum = 0 };
        axis.Position = position;
        axis.Title = title;
        axis.AxisTitleDistance = TitleDistance;
        axis.MaximumPadding = 0.05;
        axis.StringFormat = "#,0.###";
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = OxyColors.LightGray;
        return axis;
    }

    private static LineSeries Line<T>(string name, IEnumerable<(T X, double Y)> points, MarkerType marker = MarkerType.Circle)
        where T : IConvertible
    {
        var line = new LineSeries { Title = name, MarkerType = marker };
        line.Points.AddRange(points.Select(point => new DataPoint(point.X.ToDouble(null), point.Y)));
        return line;
    }

    private static void Save(PlotModel model, string file)
    {
        using var stream = File.Create(file);
        new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true }.Export(model, stream);
    }
}

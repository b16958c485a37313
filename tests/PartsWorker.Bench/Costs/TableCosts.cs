using System.Globalization;
using Npgsql;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Harness;
using PartsWorker.Harness.Processes;

namespace PartsWorker.Bench.Costs;

/// <summary>
/// Fills databases with deploy/sql-scale.sh, and measures there the documented queries and the worker's own statement.
/// </summary>
internal sealed class TableCosts(CostPlan plan, BenchWorld world, ServiceCeilings ceilings, ServiceProcesses services)
{
    private const int RowsPerTransaction = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private static readonly string[] Questions = ["documented", "live"];
    private readonly string _name = $"costs_{Guid.NewGuid():N}"[..18];
    private readonly NpgsqlConnectionStringBuilder _server = new(world.Database);

    public async Task<IReadOnlyList<TableCost>> MeasureAsync(CancellationToken cancellation)
    {
        var costs = new List<TableCost>();
        try
        {
            foreach (var rows in plan.TableRows)
            {
                plan.Report($"a table of {rows} rows");
                await ScriptAsync("fill", rows.ToString(CultureInfo.InvariantCulture));
                costs.Add(await MeasureOneAsync(cancellation));
            }
        }
        finally
        {
            await ExecuteAsync(world.Source, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
            await ExecuteAsync(world.Source, $"DROP DATABASE IF EXISTS {_name}_empty WITH (FORCE)");
        }

        return costs;
    }

    /// <summary>Times by name of the query, from the lines "== name" and "Time: 1.234 ms (...)" of the script.</summary>
    public static IReadOnlyDictionary<string, double> Times(string output)
    {
        var (times, name) = (new SortedDictionary<string, double>(StringComparer.Ordinal), "");
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                name = line[3..].Trim();
            }
            else if (line.StartsWith("Time: ", StringComparison.Ordinal))
            {
                times[name] = double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            }
        }

        return times;
    }

    private async Task<TableCost> MeasureOneAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(world.Database) { Database = _name });
        var rows = await NumberAsync(source, "SELECT count(*)::float8 FROM classifications");
        var bytes = await NumberAsync(source, "SELECT pg_database_size(current_database())::float8");
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var question in Questions)
        {
            foreach (var (name, ms) in Times(await ScriptAsync("ask", question)))
            {
                times[name] = ms;
            }
        }

        await ExecuteAsync(source, "CHECKPOINT");
        var after = await StoreAsync(source, cancellation);
        var between = await StoreAsync(source, cancellation);
        return new((long)rows, between.PerSecond, between.CpuMs, between.WalBytes, after.WalBytes, bytes / rows, times);
    }

    private async Task<(double PerSecond, double CpuMs, double WalBytes)> StoreAsync(
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        var (stored, log, time) = (await CountAsync(source), await LogAsync(source), services.Read());
        var rate = await ceilings.UpsertAsync(source, plan.Window * 2, RowsPerTransaction, cancellation);
        var used = services.Read() - time;
        var rows = await CountAsync(source) - stored;
        return (rate.ImagesPerSecond, used.Database.TotalMilliseconds / rows, (await LogAsync(source) - log) / rows);
    }

    private static Task<double> CountAsync(NpgsqlDataSource source) =>
        NumberAsync(source, "SELECT count(*)::float8 FROM classifications WHERE model = 'none@1'");

    private static Task<double> LogAsync(NpgsqlDataSource source) =>
        NumberAsync(source, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8");

    private async Task<string> ScriptAsync(params string[] arguments)
    {
        var launch = new Launch("bash", [Path.Combine(Repository.Root, "deploy", "sql-scale.sh"), .. arguments])
        {
            Environment =
            [
                ("PGHOST", _server.Host!), ("PGPORT", _server.Port.ToString(CultureInfo.InvariantCulture)),
                ("PGUSER", _server.Username!), ("PGPASSWORD", _server.Password ?? ""), ("SCALE_DATABASE", _name),
            ],
        };
        using var script = launch.Start();
        return await script.ExitAsync(Patience) == 0
            ? script.Text
            : throw new BenchException(
                $"deploy/sql-scale.sh {arguments[0]} failed: {script.Text.Split('\n').LastOrDefault(line => line.Length > 0)}");
    }

    private static async Task<double> NumberAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (double)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}

namespace PartsWorker.Harness.Processes;

/// <summary>
/// Paths of the built programs. Each project has its own folder <c>.artifacts/bin/project/configuration</c>, so the program of another
/// project is beside the folder of this one.
/// </summary>
internal static class Programs
{
    public static string Worker => Of("PartsWorker", "partsworker");

    public static string Bench => Of("PartsWorker.Bench", "partsbench");

    public static string Trainer => Of("PartsWorker.Trainer", "partstrainer");

    private static string Of(string project, string name)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, name);
        return File.Exists(program)
            ? program
            : throw new InvalidOperationException($"{program} is not built: dotnet build {project} -c {own.Name}");
    }
}

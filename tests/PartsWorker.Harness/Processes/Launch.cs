namespace PartsWorker.Harness.Processes;

/// <summary>The program to start, and the destination of its output.</summary>
/// <param name="Program">Path of an executable.</param>
/// <param name="Arguments">Its command line.</param>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables that are added to those of this process.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; init; } = [];

    /// <summary>Output and errors are appended to this file instead of being kept in memory.</summary>
    public string? LogFile { get; init; }

    /// <summary>Standard input and output belong to the caller; errors go to the console of this process.</summary>
    public bool IsDialog { get; init; }

    public static Launch Worker(params string[] arguments) => new(Programs.Worker, arguments);

    /// <summary>The running program again, even if it runs as <c>dotnet program.dll</c>.</summary>
    public static Launch Self(IEnumerable<string> arguments)
    {
        var path = System.Environment.ProcessPath!;
        string[] library = Path.GetFileNameWithoutExtension(path) == "dotnet" ? [System.Environment.GetCommandLineArgs()[0]] : [];
        return new(path, [.. library, .. arguments]);
    }

    public ChildProcess Start() => new(this);
}

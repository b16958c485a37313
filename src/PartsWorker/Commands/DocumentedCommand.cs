using System.CommandLine;

namespace PartsWorker.Commands;

/// <summary>A command whose help ends with examples and notes; the list of its parent's commands shows the summary alone.</summary>
internal sealed class DocumentedCommand(string name, string summary, string notes) : Command(name, summary)
{
    public string Notes { get; } = notes;
}

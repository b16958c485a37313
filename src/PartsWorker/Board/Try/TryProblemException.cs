namespace PartsWorker.Board.Try;

internal enum TryProblem
{
    BadImage,
    Busy,
    NoModel,
}

/// <summary>Why an image could not be tried, in one line for the person.</summary>
internal sealed class TryProblemException(string line, TryProblem problem) : Exception(line)
{
    public TryProblem Problem => problem;
}

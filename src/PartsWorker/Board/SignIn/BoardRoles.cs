namespace PartsWorker.Board.SignIn;

/// <summary>The database roles that decide what a person sees; PostgreSQL enforces them again on every statement.</summary>
internal static class BoardRoles
{
    public const string Reader = "partsworker_reader";
    public const string Reviewer = "partsworker_reviewer";
    public const string Operator = "partsworker_operator";

    public static IReadOnlyList<string> All { get; } = [Reader, Reviewer, Operator];
}

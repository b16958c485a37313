namespace PartsWorker.Tests.Support;

/// <summary>Tests that measure memory or processor time of the whole process: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

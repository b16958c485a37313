using PartsWorker.Harness.Services;

namespace PartsWorker.IntegrationTests.Support;

/// <summary>A test through PgBouncer; skipped where <c>deploy/services.sh</c> did not start one.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PgBouncerFactAttribute : FactAttribute
{
    public PgBouncerFactAttribute()
    {
        if (RunningServices.PgBouncerPort is null)
        {
            Skip = "PgBouncer is not running: set PARTS_PGBOUNCER_PORT for deploy/services.sh up";
        }
    }
}

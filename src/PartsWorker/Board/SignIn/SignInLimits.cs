using System.Threading.RateLimiting;

namespace PartsWorker.Board.SignIn;

/// <summary>Slows guessing of passwords: attempts per minute, counted for the client address and for the login.</summary>
internal sealed class SignInLimits(BoardOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.SignInsPerMinute, Window = TimeSpan.FromMinutes(1),
        }));

    /// <returns>False when either has used up its attempts.</returns>
    public bool TryTake(string? address, string login)
    {
        using var byAddress = _limiter.AttemptAcquire($"address {address}");
        using var byLogin = _limiter.AttemptAcquire($"login {login}");
        return byAddress.IsAcquired && byLogin.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}

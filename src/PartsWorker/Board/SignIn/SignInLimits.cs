using System.Net;
using System.Net.Sockets;
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
    public bool TryTake(IPAddress? address, string login)
    {
        // A refused address takes no attempt of a login away: nobody locks others out beyond its own attempts.
        using var byAddress = _limiter.AttemptAcquire($"address {Network(address)}");
        if (!byAddress.IsAcquired || login.Length > DatabaseLogins.MaxLogin)
        {
            return false;
        }

        using var byLogin = _limiter.AttemptAcquire($"login {login}");
        return byLogin.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    // A client with IPv6 has a whole network of addresses.
    private static string Network(IPAddress? address) => address switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes()[..8]),
        _ => address.ToString(),
    };
}

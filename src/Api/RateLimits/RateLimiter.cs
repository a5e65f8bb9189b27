using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Errors;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.RateLimits;

/// <summary>This process's budgets of requests.</summary>
public sealed class RateLimiter : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    private readonly RateLimitBudget _users;
    private readonly RateLimitBudget _hubs;
    private readonly RateLimitBudget _addresses;
    private readonly RateLimitBudget _logIns;
    private readonly RateLimitBudget _logInAddresses;
    private readonly ITimer _sweep;

    public RateLimiter(IOptions<RateLimitOptions> options, TimeProvider time)
    {
        var limits = options.Value;
        _users = new RateLimitBudget("user", limits.UserPerSecond, limits.UserBurst, time);
        _hubs = new RateLimitBudget("hub", limits.HubPerSecond, limits.HubBurst, time);
        _addresses = new RateLimitBudget("anonymous", limits.AnonymousPerSecond, limits.AnonymousBurst, time);
        _logIns = new RateLimitBudget("log-in", limits.LogInsPerMinute / 60.0, limits.LogInsPerMinute, time);
        _logInAddresses = new RateLimitBudget(
            "log-in-address", limits.LogInsPerAddressPerMinute / 60.0, limits.LogInsPerAddressPerMinute, time);
        _sweep = time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);
    }

    /// <summary>
    /// Counts a log-in, before the password is looked at: on the account that is claimed, from this address.
    /// </summary>
    /// <exception cref="IndiiException"><c>rate_limited</c>.</exception>
    public void CountLogIn(HttpContext context, string login)
    {
        var address = context.Connection.RemoteIpAddress;
        var refusal = Take(context, _logInAddresses, BucketKey.Of(address), "Too many log-ins from this address.")
            ?? Take(context, _logIns, BucketKey.Of(login, address), "Too many log-ins on this account.");
        if (refusal is not null)
            throw new IndiiException(refusal.Code, refusal.Detail);
    }

    /// <summary>Counts a request on the user that sent it, else on its address.</summary>
    /// <returns>
    /// Null, or what to answer instead; not an exception, which would cost most where most requests are refused.
    /// </returns>
    internal Failure? CountRequest(HttpContext context) => context.GetActor().UserId is { } userId
        ? Take(context, _users, BucketKey.Of(userId), "Too many requests.")
        : Take(context, _addresses, BucketKey.Of(context.Connection.RemoteIpAddress), "Too many requests.");

    /// <summary>Counts a call over a hub on the user whose connection it is.</summary>
    /// <exception cref="IndiiException"><c>rate_limited</c>.</exception>
    public void CountCall(Guid userId)
    {
        var answer = _hubs.Buckets.Take(BucketKey.Of(userId));
        if (!answer.IsTaken)
            throw new IndiiException(
                ErrorCode.RateLimited, $"Too many calls. Come again in {Wait(answer.RetryAfter)} s.");
    }

    public void Dispose() => _sweep.Dispose();

    private static Failure? Take(HttpContext context, RateLimitBudget budget, BucketKey key, string refusal)
    {
        var answer = budget.Buckets.Take(key);
        var headers = context.Response.Headers;
        headers[RateLimitHeaders.Policy] = budget.Policy;
        headers[RateLimitHeaders.Standing] = budget.Header(answer.Remaining);
        if (answer.IsTaken)
            return null;

        var seconds = Wait(answer.RetryAfter);
        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new Failure(ErrorCode.RateLimited, $"{refusal} Come again in {seconds} s.");
    }

    private static int Wait(TimeSpan retryAfter) => Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));

    private void Sweep()
    {
        _users.Buckets.Sweep();
        _hubs.Buckets.Sweep();
        _addresses.Buckets.Sweep();
        _logIns.Buckets.Sweep();
        _logInAddresses.Buckets.Sweep();
    }
}

/// <summary>The header fields of the IETF draft.</summary>
internal static class RateLimitHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string Standing = "RateLimit";
}

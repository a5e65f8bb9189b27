using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Errors;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.RateLimits;

/// <summary>
/// Budgets of requests. Each request is counted in this process, and where <c>RateLimits:Provider</c> says so
/// in Redis for all gateways together: what this process alone refuses needs no question, and while Redis is away the
/// count here goes on from where it was.
/// </summary>
public sealed class RateLimiter : IDisposable
{
    private const string TooManyRequests = "Too many requests.";
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(30);

    private readonly RateLimitBudget _users;
    private readonly RateLimitBudget _hubs;
    private readonly RateLimitBudget _addresses;
    private readonly RateLimitBudget _logIns;
    private readonly RateLimitBudget _logInAddresses;
    private readonly RedisTokenBuckets? _shared;
    private readonly ITimer _sweep;

    public RateLimiter(IOptions<RateLimitOptions> options, TimeProvider time)
        : this(options, time, shared: null)
    {
    }

    internal RateLimiter(IOptions<RateLimitOptions> options, TimeProvider time, RedisTokenBuckets? shared)
    {
        var limits = options.Value;
        _users = new RateLimitBudget("user", limits.UserPerSecond, limits.UserBurst, time);
        _hubs = new RateLimitBudget("hub", limits.HubPerSecond, limits.HubBurst, time);
        _addresses = new RateLimitBudget("anonymous", limits.AnonymousPerSecond, limits.AnonymousBurst, time);
        _logIns = new RateLimitBudget("log-in", limits.LogInsPerMinute / 60.0, limits.LogInsPerMinute, time);
        _logInAddresses = new RateLimitBudget(
            "log-in-address", limits.LogInsPerAddressPerMinute / 60.0, limits.LogInsPerAddressPerMinute, time);
        _shared = shared;
        _sweep = time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);
    }

    /// <summary>Whether gateways count together.</summary>
    internal bool IsShared => _shared is not null;

    /// <summary>
    /// Counts a log-in, before the password is looked at: on the account that is claimed, from this address.
    /// </summary>
    /// <exception cref="IndiiException"><c>rate_limited</c>.</exception>
    public async ValueTask CountLogInAsync(HttpContext context, string login)
    {
        var remote = context.Connection.RemoteIpAddress;
        var address = BucketKey.Of(remote);
        BucketClaim[] claims =
        [
            new(_logInAddresses, address, address),
            new(_logIns, BucketKey.Of(login, remote), address),
        ];
        var answers = await TakeAsync(claims);
        var refusal = Answer(context, _logInAddresses, answers[0], "Too many log-ins from this address.")
            ?? Answer(context, _logIns, answers[1], "Too many log-ins on this account.");
        if (refusal is not null)
            throw new IndiiException(refusal.Code, refusal.Detail);
    }

    /// <summary>Counts a request in this process on the user that sent it, else on its address.</summary>
    /// <returns>
    /// Null, or what to answer instead; not an exception, which would cost most where most requests are refused.
    /// </returns>
    internal Failure? CountRequest(HttpContext context)
    {
        var claim = ClaimOf(context);
        return Answer(context, claim.Budget, claim.Budget.Buckets.Take(claim.Key), TooManyRequests);
    }

    /// <summary>As <see cref="CountRequest"/>, for all gateways together.</summary>
    internal async ValueTask<Failure?> CountRequestAsync(HttpContext context)
    {
        var claim = ClaimOf(context);
        return Answer(context, claim.Budget, await TakeAsync(claim), TooManyRequests);
    }

    /// <summary>Counts a call over a hub on the user whose connection it is.</summary>
    /// <exception cref="IndiiException"><c>rate_limited</c>.</exception>
    public ValueTask CountCallAsync(Guid userId)
    {
        var claim = new BucketClaim(_hubs, BucketKey.Of(userId));
        if (_shared is not null)
            return CountTogether(claim);
        RequireCallTaken(_hubs.Buckets.Take(claim.Key));
        return ValueTask.CompletedTask;

        async ValueTask CountTogether(BucketClaim asked) => RequireCallTaken(await TakeAsync(asked));
    }

    public void Dispose() => _sweep.Dispose();

    private BucketClaim ClaimOf(HttpContext context) => context.GetActor().UserId is { } userId
        ? new BucketClaim(_users, BucketKey.Of(userId))
        : new BucketClaim(_addresses, BucketKey.Of(context.Connection.RemoteIpAddress));

    private async ValueTask<BucketAnswer> TakeAsync(BucketClaim claim) => (await TakeAsync([claim]))[0];

    /// <summary>Takes in turn; the answers end with the first bucket that was empty.</summary>
    private async ValueTask<IReadOnlyList<BucketAnswer>> TakeAsync(BucketClaim[] claims)
    {
        var own = new List<BucketAnswer>(claims.Length);
        foreach (var claim in claims)
        {
            own.Add(claim.Budget.Buckets.Take(claim.Key));
            if (!own[^1].IsTaken)
                return own;
        }

        if (_shared is null)
            return own;
        if (await _shared.TakeAsync(claims) is not { } answers)
        {
            RedisMetrics.Fallbacks.WithLabels("rate-limits").Inc();
            return own;
        }

        // What was not granted to all gateways was not taken here either.
        for (var i = 0; i < claims.Length; i++)
        {
            if (i >= answers.Length || !answers[i].IsTaken)
                claims[i].Budget.Buckets.GiveBack(claims[i].Key);
        }

        return answers;
    }

    private void RequireCallTaken(BucketAnswer answer)
    {
        if (!answer.IsTaken)
        {
            _hubs.Refusals.Inc();
            throw new IndiiException(
                ErrorCode.RateLimited, $"Too many calls. Come again in {Wait(answer.RetryAfter)} s.");
        }
    }

    private static Failure? Answer(HttpContext context, RateLimitBudget budget, BucketAnswer answer, string refusal)
    {
        var headers = context.Response.Headers;
        headers[RateLimitHeaders.Policy] = budget.Policy;
        headers[RateLimitHeaders.Standing] = budget.Header(answer.Remaining);
        if (answer.IsTaken)
            return null;

        budget.Refusals.Inc();
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

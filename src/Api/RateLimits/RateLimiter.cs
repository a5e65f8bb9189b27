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

    private readonly RedisTokenBuckets? _shared;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private readonly IDisposable? _changes;
    private volatile Budgets _budgets;

    public RateLimiter(IOptionsMonitor<RateLimitOptions> options, TimeProvider time)
        : this(options, time, shared: null)
    {
    }

    internal RateLimiter(
        IOptionsMonitor<RateLimitOptions> options, TimeProvider time, RedisTokenBuckets? shared)
    {
        _time = time;
        _budgets = Of(options.CurrentValue, former: null);
        _shared = shared;
        _sweep = time.CreateTimer(_ => _budgets.Sweep(), state: null, SweepInterval, SweepInterval);
        _changes = options.OnChange(limits => _budgets = Of(limits, _budgets));
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
        var budgets = _budgets;
        BucketClaim[] claims =
        [
            new(budgets.LogInAddresses, address, address),
            new(budgets.LogIns, BucketKey.Of(login, remote), address),
        ];
        var answers = await TakeAsync(claims);
        var refusal = Answer(context, budgets.LogInAddresses, answers[0], "Too many log-ins from this address.")
            ?? Answer(context, budgets.LogIns, answers[1], "Too many log-ins on this account.");
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
        var claim = new BucketClaim(_budgets.Hubs, BucketKey.Of(userId));
        if (_shared is not null)
            return CountTogether(claim);
        RequireCallTaken(claim.Budget.Buckets.Take(claim.Key));
        return ValueTask.CompletedTask;

        async ValueTask CountTogether(BucketClaim asked) => RequireCallTaken(await TakeAsync(asked));
    }

    public void Dispose()
    {
        _changes?.Dispose();
        _sweep.Dispose();
    }

    private Budgets Of(RateLimitOptions limits, Budgets? former) => new(
        new RateLimitBudget("user", limits.UserPerSecond, limits.UserBurst, _time, former?.Users),
        new RateLimitBudget("hub", limits.HubPerSecond, limits.HubBurst, _time, former?.Hubs),
        new RateLimitBudget(
            "anonymous", limits.AnonymousPerSecond, limits.AnonymousBurst, _time, former?.Addresses),
        new RateLimitBudget(
            "log-in", limits.LogInsPerMinute / 60.0, limits.LogInsPerMinute, _time, former?.LogIns),
        new RateLimitBudget(
            "log-in-address",
            limits.LogInsPerAddressPerMinute / 60.0,
            limits.LogInsPerAddressPerMinute,
            _time,
            former?.LogInAddresses));

    private BucketClaim ClaimOf(HttpContext context) => context.GetActor().UserId is { } userId
        ? new BucketClaim(_budgets.Users, BucketKey.Of(userId))
        : new BucketClaim(_budgets.Addresses, BucketKey.Of(context.Connection.RemoteIpAddress));

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
            _budgets.Hubs.Refusals.Inc();
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

    /// <summary>All budgets, by one reading of the settings.</summary>
    private sealed record Budgets(
        RateLimitBudget Users,
        RateLimitBudget Hubs,
        RateLimitBudget Addresses,
        RateLimitBudget LogIns,
        RateLimitBudget LogInAddresses)
    {
        public void Sweep()
        {
            Users.Buckets.Sweep();
            Hubs.Buckets.Sweep();
            Addresses.Buckets.Sweep();
            LogIns.Buckets.Sweep();
            LogInAddresses.Buckets.Sweep();
        }
    }
}

/// <summary>The header fields of the IETF draft.</summary>
internal static class RateLimitHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string Standing = "RateLimit";
}

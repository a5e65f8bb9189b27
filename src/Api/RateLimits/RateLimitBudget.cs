using System.Globalization;
using Prometheus;

namespace IndiiMusic.Api.RateLimits;

/// <summary>
/// One kind of callers' buckets, with the header fields that tell them where they stand (IETF draft "RateLimit header
/// fields for HTTP": policy with quota <c>q</c> and window <c>w</c>, remaining <c>r</c>, seconds until full <c>t</c>).
/// </summary>
internal sealed class RateLimitBudget
{
    private readonly string?[] _headers;
    private readonly double _perSecond;
    private readonly int _burst;

    /// <param name="name">What the policy is called on the wire.</param>
    /// <param name="perSecond">Tokens that come back each second.</param>
    /// <param name="burst">Tokens in a full bucket.</param>
    /// <param name="time">The clock.</param>
    /// <param name="former">The budget in whose place this one comes: what was taken from it counts on.</param>
    public RateLimitBudget(
        string name, double perSecond, int burst, TimeProvider time, RateLimitBudget? former = null)
    {
        Name = name;
        Refusals = RateLimitMetrics.Refusals.WithLabels(name);
        FillMicroseconds = (long)(burst / perSecond * 1_000_000);
        TokenMicroseconds = Math.Max(1, FillMicroseconds / burst);
        _perSecond = perSecond;
        _burst = burst;
        _headers = new string?[burst + 1];
        var period = TimeSpan.FromSeconds(burst / perSecond);
        Buckets = former?.Buckets.Under(burst, period) ?? new TokenBuckets(burst, period, time);
        Policy = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={burst};w={Seconds(burst)}");
    }

    /// <summary>What the policy is called on the wire.</summary>
    public string Name { get; }

    /// <summary>What this budget refused.</summary>
    public Counter.Child Refusals { get; }

    /// <summary>This process's own buckets.</summary>
    public TokenBuckets Buckets { get; }

    /// <summary>The time in which an empty bucket fills.</summary>
    public long FillMicroseconds { get; }

    /// <summary>The time in which one token comes back.</summary>
    public long TokenMicroseconds { get; }

    /// <summary>The value of <c>RateLimit-Policy</c>.</summary>
    public string Policy { get; }

    /// <summary>The value of <c>RateLimit</c>. There are few, so each is made once.</summary>
    public string Header(int remaining) => _headers[remaining] ??= string.Create(
        CultureInfo.InvariantCulture, $"\"{Name}\";r={remaining};t={Seconds(_burst - remaining)}");

    private int Seconds(int tokens) => Math.Max(1, (int)Math.Ceiling(tokens / _perSecond));
}

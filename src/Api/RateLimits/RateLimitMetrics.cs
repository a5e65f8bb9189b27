using Prometheus;

namespace IndiiMusic.Api.RateLimits;

/// <summary>What an operator sees of rate limits.</summary>
internal static class RateLimitMetrics
{
    /// <summary>What a budget refused.</summary>
    public static readonly Counter Refusals = Metrics.CreateCounter(
        "indiimusic_rate_limit_refusals_total",
        "Requests, hub calls and log-ins that were refused for being too many, by budget.",
        "budget");
}

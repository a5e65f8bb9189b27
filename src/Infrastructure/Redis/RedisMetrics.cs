using Prometheus;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>What the shared Redis tells Prometheus.</summary>
public static class RedisMetrics
{
    internal static readonly Histogram CommandSeconds = Metrics.CreateHistogram(
        "indiimusic_redis_command_duration_seconds",
        "Time that callers waited for Redis, answered or not, by kind of command.",
        new HistogramConfiguration
        {
            LabelNames = ["kind"],
            Buckets = Histogram.ExponentialBuckets(0.000_05, 2, 14),
        });

    internal static readonly Counter Failures = Metrics.CreateCounter(
        "indiimusic_redis_command_failures_total",
        "Commands that Redis did not answer in time or refused, by kind of command.",
        "kind");

    internal static readonly Gauge Up = Metrics.CreateGauge(
        "indiimusic_redis_up",
        "1 while commands are answered and messages of other gateways are heard, else 0.");

    internal static readonly Counter Messages = Metrics.CreateCounter(
        "indiimusic_redis_messages_total",
        "Messages of gateways that were heard, by what they say.",
        "kind");

    internal static readonly Gauge Untold = Metrics.CreateGauge(
        "indiimusic_redis_untold_messages",
        "Messages to other gateways that wait for Redis to come back.");

    /// <summary>What was done in process because Redis was away, by what it is for.</summary>
    public static readonly Counter Fallbacks = Metrics.CreateCounter(
        "indiimusic_redis_fallbacks_total",
        "Times that something went on without Redis, by what it was for.",
        "what");

    /// <summary>Makes all series, so that the first of a kind is seen as a rise.</summary>
    internal static void Prepare()
    {
        foreach (var what in (string[])["rate-limits", "sessions", "cache"])
            Fallbacks.WithLabels(what);
        foreach (var kind in (string[])["beat", "cards", "keep-cards", "limit", "load-sessions", "tell"])
            Failures.WithLabels(kind);
        foreach (var kind in Enum.GetNames<GatewayMessageKind>())
            Messages.WithLabels(kind);
    }
}

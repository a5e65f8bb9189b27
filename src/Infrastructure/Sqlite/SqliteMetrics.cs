using Prometheus;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>What the embedded database tells Prometheus.</summary>
internal static class SqliteMetrics
{
    public static readonly Histogram CommitSeconds = Metrics.CreateHistogram(
        "indiimusic_sqlite_commit_duration_seconds",
        "Time that one transaction took, from its begin until it was on disk.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000_1, 2, 16) });

    public static readonly Histogram WritesPerCommit = Metrics.CreateHistogram(
        "indiimusic_sqlite_commit_writes",
        "Writes that shared one transaction.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 2, 12) });

    public static readonly Counter FailedCommits = Metrics.CreateCounter(
        "indiimusic_sqlite_commit_failures_total",
        "Transactions that did not reach the disk.");

    public static readonly Gauge QueueLength = Metrics.CreateGauge(
        "indiimusic_sqlite_queue_length",
        "Writes that waited when the newest transaction began.");

    public static readonly Histogram AppendSeconds = Metrics.CreateHistogram(
        "indiimusic_sqlite_append_duration_seconds",
        "Time that a caller waited for a batch of events to be on disk.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000_1, 2, 18) });

    public static readonly Histogram AppendEvents = Metrics.CreateHistogram(
        "indiimusic_sqlite_append_events",
        "Events in one batch.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 2, 12) });

    public static readonly Counter Conflicts = Metrics.CreateCounter(
        "indiimusic_sqlite_conflicts_total",
        "Writes refused because another writer was first.",
        "kind");
}

using IndiiMusic.Infrastructure.Telemetry;
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

    public static readonly Gauge FileBytes = Metrics.CreateGauge(
        "indiimusic_sqlite_file_bytes",
        "Size of the database file and of the log beside it.");

    public static readonly Gauge DiskFreeBytes = Metrics.CreateGauge(
        "indiimusic_sqlite_disk_free_bytes",
        "Room that is left on the disk of the database file.");

    public static readonly Gauge DiskSizeBytes = Metrics.CreateGauge(
        "indiimusic_sqlite_disk_size_bytes",
        "Size of the disk of the database file.");

    public static readonly StorageMetrics Storage = new(
        "sqlite", [StorageMetrics.Events, "grain_state"], [Reads, Writes]);

    private const string Reads = "reads";
    private const string Writes = "writes";

    public static void ReadFailed() => Storage.WasUnavailable(Reads);

    public static void WriteFailed() => Storage.WasUnavailable(Writes);
}

using Prometheus;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>What the adapters on MongoDB tell Prometheus.</summary>
internal static class MongoDbMetrics
{
    public static readonly Histogram AppendSeconds = Metrics.CreateHistogram(
        "indiimusic_mongodb_append_duration_seconds",
        "Time that a caller waited for a batch of events to be on the disks of a majority.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000_1, 2, 18) });

    public static readonly Histogram AppendEvents = Metrics.CreateHistogram(
        "indiimusic_mongodb_append_events",
        "Events in one batch.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 2, 12) });

    public static readonly Histogram AppendBytes = Metrics.CreateHistogram(
        "indiimusic_mongodb_append_bytes",
        "Bytes of the documents that one batch became.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(256, 4, 10) });

    public static readonly Counter Conflicts = Metrics.CreateCounter(
        "indiimusic_mongodb_conflicts_total",
        "Writes refused because another writer was first.",
        "kind");

    public static readonly Counter Unavailable = Metrics.CreateCounter(
        "indiimusic_mongodb_unavailable_total",
        "Operations that the database did not answer, or answered as unable.",
        "kind");

    public static readonly Gauge PublishedWaiting = Metrics.CreateGauge(
        "indiimusic_mongodb_outbox_marks_waiting",
        "Published batches that are not marked so yet.");
}

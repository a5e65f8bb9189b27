using IndiiMusic.Infrastructure.Telemetry;
using Prometheus;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>What the adapters on MongoDB tell Prometheus.</summary>
internal static class MongoDbMetrics
{
    public static readonly StorageMetrics Storage = new(
        "mongodb",
        [StorageMetrics.Events, "grain_state", "reminders"],
        [StorageMetrics.Events, "grain_state", "reminders", "catalog", "import_ledger"]);

    public static readonly Gauge PublishedWaiting = Metrics.CreateGauge(
        "indiimusic_mongodb_outbox_marks_waiting",
        "Published batches that are not marked so yet.");
}

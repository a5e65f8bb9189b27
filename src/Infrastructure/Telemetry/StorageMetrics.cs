using IndiiMusic.Grains.EventLog;
using Prometheus;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// What storage tells Prometheus, under the same names whichever database is behind it: the label <c>store</c> says
/// which. All series are there from the start, so that the first failure is seen as a rise.
/// </summary>
internal sealed class StorageMetrics
{
    /// <summary>What the playlists' events are kept as; the kind of a conflict that two silos had over one.</summary>
    public const string Events = "events";

    private static readonly Histogram AppendSeconds = Metrics.CreateHistogram(
        "indiimusic_event_store_append_duration_seconds",
        "Time that a playlist waited for a batch of events to be durable, by store.",
        ["store"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000_1, 2, 18) });

    private static readonly Histogram AppendEvents = Metrics.CreateHistogram(
        "indiimusic_event_store_append_events",
        "Events in one batch, by store.",
        ["store"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 2, 12) });

    private static readonly Histogram AppendBytes = Metrics.CreateHistogram(
        "indiimusic_event_store_append_bytes",
        "Bytes of the body of one batch, by store.",
        ["store"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(256, 4, 10) });

    private static readonly Counter Conflicts = Metrics.CreateCounter(
        "indiimusic_storage_conflicts_total",
        "Writes refused because another writer was first, by store and by what was written.",
        "store",
        "kind");

    private static readonly Counter Unavailable = Metrics.CreateCounter(
        "indiimusic_storage_unavailable_total",
        "Operations that storage did not answer, or answered as unable, by store and by what was asked.",
        "store",
        "kind");

    private readonly string _store;
    private readonly Histogram.Child _appendSeconds;
    private readonly Histogram.Child _appendEvents;
    private readonly Histogram.Child _appendBytes;

    /// <param name="store">Which store: a word.</param>
    /// <param name="conflictKinds">What may meet another writer.</param>
    /// <param name="unavailableKinds">What may meet an outage.</param>
    public StorageMetrics(string store, string[] conflictKinds, string[] unavailableKinds)
    {
        _store = store;
        _appendSeconds = AppendSeconds.WithLabels(store);
        _appendEvents = AppendEvents.WithLabels(store);
        _appendBytes = AppendBytes.WithLabels(store);
        foreach (var kind in conflictKinds)
            Conflicts.WithLabels(store, kind);
        foreach (var kind in unavailableKinds)
            Unavailable.WithLabels(store, kind);
    }

    /// <summary>A batch is durable.</summary>
    public void Appended(EventBatch batch, TimeSpan elapsed)
    {
        _appendSeconds.Observe(elapsed.TotalSeconds);
        _appendEvents.Observe(batch.EventCount);
        _appendBytes.Observe(batch.Body.Length);
    }

    /// <summary>Another writer was first.</summary>
    public void Conflicted(string kind) => Conflicts.WithLabels(_store, kind).Inc();

    /// <summary>Storage did not answer, or could not.</summary>
    public void WasUnavailable(string kind) => Unavailable.WithLabels(_store, kind).Inc();
}

using IndiiMusic.Grains.EventLog;
using IndiiMusic.Infrastructure.Telemetry;
using Prometheus;

namespace IndiiMusic.Infrastructure.EventLog;

/// <summary>
/// How much waits in the outbox, and for how long. Each silo looks for itself, so that the figure outlives any of them;
/// they look at the same outbox, so that one takes the largest and never the sum.
/// </summary>
internal sealed class OutboxMetrics(IEventStore store, TimeProvider clock) : ISampledFigures
{
    /// <summary>More than this means trouble all the same, and is not counted to its end.</summary>
    private const int CountMax = 10_000;

    private static readonly Gauge Batches = Metrics.CreateGauge(
        "indiimusic_outbox_batches",
        "Batches of events in the outbox of the whole cluster, up to 10,000: durable, and not handed on yet.",
        new GaugeConfiguration { SuppressInitialValue = true });

    private static readonly Gauge OldestAgeSeconds = Metrics.CreateGauge(
        "indiimusic_outbox_oldest_age_seconds",
        "Age of the oldest batch in the outbox of the whole cluster; 0 while it is empty.",
        new GaugeConfiguration { SuppressInitialValue = true });

    /// <inheritdoc/>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            var standing = await store.ReadOutboxAsync(CountMax, cancellationToken);
            Batches.Set(standing.Batches);
            OldestAgeSeconds.Set(standing.OldestAt is { } oldest
                ? Math.Max(0, (clock.GetUtcNow() - oldest).TotalSeconds)
                : 0);
        }
        catch (EventStoreUnavailableException)
        {
            // An old figure would look like a good one.
            Batches.Unpublish();
            OldestAgeSeconds.Unpublish();
            throw;
        }
    }
}

using Prometheus;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>What event streams over RabbitMQ tell Prometheus.</summary>
internal static class RabbitMqMetrics
{
    public static readonly Gauge Connected = Metrics.CreateGauge(
        "indiimusic_rabbitmq_connected",
        "1 while the connection for publishing, or that for consuming, is open.",
        "purpose");

    public static readonly Counter Published = Metrics.CreateCounter(
        "indiimusic_rabbitmq_published_total",
        "Messages that the broker confirmed.");

    public static readonly Counter PublishFailures = Metrics.CreateCounter(
        "indiimusic_rabbitmq_publish_failures_total",
        "Messages that the broker did not confirm in time or refused; the outbox publishes them later.");

    public static readonly Histogram ConfirmSeconds = Metrics.CreateHistogram(
        "indiimusic_rabbitmq_confirm_duration_seconds",
        "Time from handing a message to the client until the broker confirmed it.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.000_5, 2, 15) });

    public static readonly Counter Received = Metrics.CreateCounter(
        "indiimusic_rabbitmq_received_total",
        "Messages that came from the broker.");

    public static readonly Counter Redelivered = Metrics.CreateCounter(
        "indiimusic_rabbitmq_redelivered_total",
        "Messages that came from the broker once more.");

    public static readonly Counter Acknowledged = Metrics.CreateCounter(
        "indiimusic_rabbitmq_acknowledged_total",
        "Messages that were acknowledged after all their consumers had handled them.");

    public static readonly Histogram AgeSeconds = Metrics.CreateHistogram(
        "indiimusic_rabbitmq_message_age_seconds",
        "Time from publishing a message until it was acknowledged.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 3, 15) });

    public static readonly Gauge LastAgeSeconds = Metrics.CreateGauge(
        "indiimusic_rabbitmq_last_message_age_seconds",
        "Age of the newest message that came from a partition's queue, when it came.",
        "partition");

    public static readonly Gauge Depth = Metrics.CreateGauge(
        "indiimusic_rabbitmq_queue_depth",
        "Messages that wait in a partition's queue; reported by the silo that reads it.",
        "partition");

    public static readonly Gauge DeadLetters = Metrics.CreateGauge(
        "indiimusic_rabbitmq_dead_letters",
        "Messages in the dead-letter queue; reported by the silo that reads partition 0.",
        new GaugeConfiguration { SuppressInitialValue = true });

    public static readonly Counter DeliveryFailures = Metrics.CreateCounter(
        "indiimusic_rabbitmq_delivery_failures_total",
        "Deliveries to a consumer that failed for as long as one is tried.");

    public static readonly Counter DeadLettered = Metrics.CreateCounter(
        "indiimusic_rabbitmq_dead_lettered_total",
        "Messages that this silo sent to the dead-letter queue.",
        "reason");

    /// <summary>Makes all series, so that the first of a kind is seen as a rise.</summary>
    public static void Prepare()
    {
        DeadLettered.WithLabels(RabbitMqDeadLetters.Unreadable);
        DeadLettered.WithLabels(RabbitMqDeadLetters.Undeliverable);
    }
}

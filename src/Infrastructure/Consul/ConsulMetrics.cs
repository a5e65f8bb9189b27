using Prometheus;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>What dealings with Consul tell Prometheus.</summary>
internal static class ConsulMetrics
{
    public static readonly Histogram RequestSeconds = Metrics.CreateHistogram(
        "indiimusic_consul_request_duration_seconds",
        "Time until Consul had answered; requests that wait for a change are left out.",
        new HistogramConfiguration
        {
            LabelNames = ["operation"],
            Buckets = Histogram.ExponentialBuckets(0.000_5, 2, 14),
        });

    public static readonly Counter Failures = Metrics.CreateCounter(
        "indiimusic_consul_request_failures_total",
        "Attempts that Consul did not answer, or answered with an error.",
        "operation");

    /// <summary>Makes all series, so that the first failure is seen as a rise.</summary>
    public static void Prepare()
    {
        string[] operations =
        [
            "status", "kv_read", "watch", "kv_write", "kv_delete", "transaction", "register", "deregister",
            "agent_read", "maintenance",
        ];
        foreach (var operation in operations)
            Failures.WithLabels(operation);
    }

    public static readonly Gauge Registered = Metrics.CreateGauge(
        "indiimusic_consul_registered",
        "1 while the agent lists this process as a service; 0 while it should and does not.",
        new GaugeConfiguration { SuppressInitialValue = true });

    public static readonly Gauge Gateways = Metrics.CreateGauge(
        "indiimusic_consul_gateways",
        "Silos that take calls of clients, as this process heard last.",
        new GaugeConfiguration { SuppressInitialValue = true });
}

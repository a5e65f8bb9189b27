using Microsoft.Extensions.Diagnostics.HealthChecks;
using Prometheus;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Shows what the health checks say as a gauge. The host runs them in the background, so that a scrape waits for
/// nobody, and neither asks a dependency more often where several look.
/// </summary>
internal sealed class DependencyHealthPublisher : IHealthCheckPublisher
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>From the start of the host until the first answers.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private static readonly Gauge Health = Metrics.CreateGauge(
        "indiimusic_dependency_health",
        "What a health check of this process says: 1 healthy, 0.5 degraded, 0 unhealthy.",
        "dependency");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
            Health.WithLabels(name).Set(ValueOf(entry.Status));
        return Task.CompletedTask;
    }

    private static double ValueOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => 1,
        HealthStatus.Degraded => 0.5,
        _ => 0,
    };
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Which of the runtime's own figures the Prometheus endpoint shows, beside those that this program counts itself. Only
/// instruments that are read when somebody looks: those that report each event cost several microseconds a request.
/// </summary>
public static class MetricsHosting
{
    private static readonly string[] Meters = ["System.Runtime", "Microsoft.Orleans"];

    // The registry is the process's own, so this happens once, whatever is hosted in it.
    private static readonly Lazy<bool> Configured = new(Configure);

    /// <summary>Adds the figures of the runtime, of Orleans and of the adapters.</summary>
    public static IServiceCollection AddIndiiMetrics(this IServiceCollection services)
    {
        _ = Configured.Value;
        return services;
    }

    private static bool Configure()
    {
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions
        {
            SuppressEventCounters = true,
            SuppressMeters = false,
            SuppressProcessMetrics = false,
        });
        Metrics.ConfigureMeterAdapter(adapter => adapter.InstrumentFilterPredicate = IsShown);
        return true;
    }

    private static bool IsShown(Instrument instrument) =>
        instrument.Meter.Name.StartsWith("IndiiMusic", StringComparison.Ordinal)
        || (instrument.IsObservable && Meters.Contains(instrument.Meter.Name, StringComparer.Ordinal));
}

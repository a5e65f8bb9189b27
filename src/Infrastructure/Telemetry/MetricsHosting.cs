using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Prometheus;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Which of the runtime's own figures the Prometheus endpoint shows, beside those that this program counts itself. Only
/// instruments that are read when somebody looks: those that report each event cost several microseconds a request.
/// What only a look can tell is looked up in the background: <see cref="ISampledFigures"/>, and the health checks.
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
        if (services.Any(service => service.ImplementationType == typeof(FigureSampling)))
            return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<FigureSampling>();
        services.AddSingleton<IHealthCheckPublisher, DependencyHealthPublisher>();
        services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = DependencyHealthPublisher.Delay;
            options.Period = DependencyHealthPublisher.Interval;
        });
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
        Metrics.CreateGauge("indiimusic_build_info", "Always 1; the label says which version runs.", "version")
            .WithLabels(Version()).Set(1);
        return true;
    }

    private static string Version() => typeof(MetricsHosting).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static bool IsShown(Instrument instrument) =>
        instrument.Meter.Name.StartsWith("IndiiMusic", StringComparison.Ordinal)
        || (instrument.IsObservable && Meters.Contains(instrument.Meter.Name, StringComparer.Ordinal));
}

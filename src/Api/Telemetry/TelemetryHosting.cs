using IndiiMusic.Infrastructure.Telemetry;

namespace IndiiMusic.Api.Telemetry;

/// <summary>What the operator sees of requests.</summary>
public static class TelemetryHosting
{
    /// <summary>Adds the figures of this process.</summary>
    public static IServiceCollection AddIndiiTelemetry(this IServiceCollection services) => services.AddIndiiMetrics();

    /// <summary>Times requests. Goes first, so that all that a caller waits for is in the figure.</summary>
    public static IApplicationBuilder UseIndiiTelemetry(this IApplicationBuilder app) =>
        app.UseMiddleware<RequestTelemetryMiddleware>();
}

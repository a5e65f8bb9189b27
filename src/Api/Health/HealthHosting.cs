using System.Text.Json;
using IndiiMusic.Api.Listeners;
using IndiiMusic.Api.RateLimits;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Prometheus;

namespace IndiiMusic.Api.Health;

/// <summary>Whether the process lives, whether it can work, and its figures.</summary>
public static class HealthHosting
{
    /// <summary>Adds the health checks; each adapter adds its own check by its own hosting class.</summary>
    public static IServiceCollection AddIndiiHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        return services;
    }

    /// <summary>
    /// <c>/health/live</c> and <c>/health/ready</c> on the public and management listeners, <c>/metrics</c> on the
    /// latter alone.
    /// </summary>
    public static void MapIndiiHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").OnlyOn(Listener.Public, Listener.Management).Uncounted();
        health.MapHealthChecks("/live", Options(_ => false));
        health.MapHealthChecks("/ready", Options(_ => true));
        routes.MapMetrics("/metrics").OnlyOn(Listener.Management).Uncounted();
    }

    private static HealthCheckOptions Options(Func<HealthCheckRegistration, bool> predicate) => new()
    {
        Predicate = predicate,
        ResponseWriter = WriteAsync,
    };

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", Word(report.Status));
        json.WriteStartObject("dependencies");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", Word(entry.Status));
            if (entry.Description is { } reason)
            {
                json.WriteString("reason", reason);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}

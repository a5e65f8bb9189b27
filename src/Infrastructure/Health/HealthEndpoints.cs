using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Prometheus;

namespace IndiiMusic.Infrastructure.Health;

/// <summary>What an operator and an orchestrator ask of every program.</summary>
public static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c> says that the process runs; <c>/health/ready</c> whether it can work, with each dependency's
    /// state and reason. A dependency without which it still works is <c>degraded</c>, and that is still 200.
    /// </summary>
    public static IEndpointConventionBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health");
        health.MapHealthChecks("/live", Options(_ => false));
        health.MapHealthChecks("/ready", Options(_ => true));
        return health;
    }

    /// <summary><c>/metrics</c> in Prometheus's text format.</summary>
    public static IEndpointConventionBuilder MapFigures(this IEndpointRouteBuilder routes) =>
        routes.MapMetrics("/metrics");

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
                json.WriteString("reason", reason);
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

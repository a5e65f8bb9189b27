using IndiiMusic.Api.Listeners;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Infrastructure.Health;

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

    /// <summary>Health on the public and management listeners, <c>/metrics</c> on the latter alone.</summary>
    public static void MapIndiiHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealth().OnlyOn(Listener.Public, Listener.Management).Uncounted();
        routes.MapFigures().OnlyOn(Listener.Management).Uncounted();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>The connection to the Redis that gateways share.</summary>
public static class RedisHosting
{
    /// <summary>The name of the health check, tagged <c>ready</c>, that is degraded while Redis is away.</summary>
    public const string HealthCheckName = "redis";

    private static readonly string[] HealthCheckTags = ["ready"];

    /// <summary>
    /// Adds <see cref="RedisConnection"/> and <see cref="GatewayChannel"/>; again and again makes no difference. The
    /// options come from <see cref="RedisOptions.Section"/>, then from <paramref name="configure"/>. The start waits a
    /// moment for Redis and goes on without.
    /// </summary>
    public static IServiceCollection AddRedisConnection(
        this IServiceCollection services, Action<RedisOptions>? configure = null)
    {
        var options = services.AddOptions<RedisOptions>();
        var isThere = services.Any(service => service.ServiceType == typeof(RedisConnection));
        if (!isThere)
            options.BindConfiguration(RedisOptions.Section).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        if (isThere)
            return services;

        RedisMetrics.Prepare();
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>();
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<GatewayChannel>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewayChannel>());
        services.AddHealthChecks().AddCheck<RedisHealthCheck>(
            HealthCheckName, HealthStatus.Degraded, HealthCheckTags);
        return services;
    }
}

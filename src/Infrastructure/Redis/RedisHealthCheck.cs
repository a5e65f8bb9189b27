using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>Degraded while Redis is away: everything goes on, each gateway by itself.</summary>
internal sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(redis.Problem is { } problem
            ? HealthCheckResult.Degraded($"Redis is away; its work is done in process. {problem}")
            : HealthCheckResult.Healthy("Redis answers."));
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Degraded, never worse, while the broker is away: edits do not need it.</summary>
internal sealed class RabbitMqHealthCheck(RabbitMqConnections connections) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problem = connections.Publishing.Problem ?? connections.Consuming.Problem;
        return Task.FromResult(problem is null
            ? HealthCheckResult.Healthy("RabbitMQ takes and delivers events.")
            : HealthCheckResult.Degraded(
                $"RabbitMQ is away: {problem} Edits go on; events wait in the outbox and are delivered afterwards."));
    }
}

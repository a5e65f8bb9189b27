using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Degraded while Consul is away or does not list this process as it should: what runs goes on, but silos that start
/// wait, and changes are not heard of.
/// </summary>
internal sealed class ConsulHealthCheck(ConsulClient consul, ConsulRegistration? registration = null) : IHealthCheck
{
    // The answer to a health request must not wait for what is away.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            if (!await consul.HasLeaderAsync(Patience, cancellationToken))
                return HealthCheckResult.Degraded($"Consul at {consul.Address} has no leader.");
        }
        catch (ConsulException away)
        {
            return HealthCheckResult.Degraded(away.Message);
        }

        return registration?.Problem is { } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy();
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Degraded while live settings are away or refused: the program works, with what held before.</summary>
internal sealed class LiveSettingsHealthCheck(LiveSettingsFollower follower) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["changes"] = follower.Changes };
        return Task.FromResult(follower.Problem is { } problem
            ? HealthCheckResult.Degraded(problem, data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}

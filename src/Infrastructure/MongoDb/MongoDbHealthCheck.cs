using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>Whether there is a primary that answers.</summary>
internal sealed class MongoDbHealthCheck(MongoDbDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await database.PingAsync(limit.Token);
            return HealthCheckResult.Healthy("The database's primary answers.");
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(database.Describe(new TimeoutException(null, late)));
        }
        catch (Exception failure) when (MongoDbFailures.ConcernsStorage(failure))
        {
            return HealthCheckResult.Unhealthy(database.Describe(failure));
        }
    }
}

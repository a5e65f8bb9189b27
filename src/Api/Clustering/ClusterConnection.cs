using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IndiiMusic.Api.Clustering;

/// <summary>Whether this gateway reaches a silo; it can answer nothing while it does not.</summary>
internal sealed partial class ClusterConnection(ILogger<ClusterConnection> logger) : IHealthCheck
{
    private volatile int _silos;

    /// <summary>Notes how many silos are connected now.</summary>
    public void OnSilos(int connected)
    {
        var before = Interlocked.Exchange(ref _silos, connected);
        if (connected == 0 && before > 0)
            LogLost();
        else if (connected > 0 && before == 0)
            LogReached(connected);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_silos > 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("No silo is connected."));

    [LoggerMessage(Level = LogLevel.Error, Message = "No silo is connected any more; requests answer 503")]
    private partial void LogLost();

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Count} silos")]
    private partial void LogReached(int count);
}

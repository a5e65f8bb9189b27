using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Metadata;

namespace IndiiMusic.Api.Clustering;

/// <summary>
/// Whether this gateway reaches a silo and knows what grains there are; it can answer nothing before.
/// </summary>
internal sealed partial class ClusterConnection(
    IClusterManifestProvider manifests, IHostApplicationLifetime lifetime, ILogger<ClusterConnection> logger)
    : IHealthCheck
{
    private static readonly GrainType Playlists = GrainType.Create("playlist");

    private volatile int _silos;

    /// <summary>Notes how many silos are connected now.</summary>
    public void OnSilos(int connected)
    {
        var before = Interlocked.Exchange(ref _silos, connected);

        // One that stops lets go of its silos itself, once nobody is left to answer.
        if (connected == 0 && before > 0 && !lifetime.ApplicationStopping.IsCancellationRequested)
            LogLost();
        else if (connected > 0 && before == 0)
            LogReached(connected);
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(this switch
        {
            { _silos: 0 } => HealthCheckResult.Unhealthy("No silo is connected."),
            { KnowsGrains: false } => HealthCheckResult.Unhealthy("The silos have not said yet what they host."),
            _ => HealthCheckResult.Healthy(),
        });

    // A client asks a silo for this after it has connected, and a silo that just started may not know it yet itself.
    private bool KnowsGrains =>
        manifests.Current.AllGrainManifests.Any(static manifest => manifest.Grains.ContainsKey(Playlists));

    [LoggerMessage(Level = LogLevel.Error, Message = "No silo is connected any more; requests answer 503")]
    private partial void LogLost();

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Count} silos")]
    private partial void LogReached(int count);
}

using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>
/// Asks S3, seldom however often it is asked itself. Without S3 the process is worth its traffic still: nothing can be
/// heard or stored, and everything else goes on.
/// </summary>
internal sealed class S3HealthCheck(S3Bucket bucket, IOptionsMonitor<S3Options> options, TimeProvider time)
    : IHealthCheck, IDisposable
{
    private readonly SemaphoreSlim _asking = new(1);
    private HealthCheckResult _known;
    private DateTimeOffset _knownSince = DateTimeOffset.MinValue;

    public void Dispose() => _asking.Dispose();

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (time.GetUtcNow() - _knownSince >= options.CurrentValue.HealthInterval)
            {
                _known = await AskAsync(cancellationToken).ConfigureAwait(false);
                _knownSince = time.GetUtcNow();
            }

            return _known;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<HealthCheckResult> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await bucket.ProbeAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy("S3 answers.");
        }
        catch (ObjectStoreUnavailableException failure)
        {
            return HealthCheckResult.Degraded(
                $"Audio and pictures can be neither read nor stored; the rest goes on. {failure.Message}");
        }
    }
}

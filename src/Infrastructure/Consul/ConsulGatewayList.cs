using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// The silos that take calls of clients. A request that waits at Consul for the membership's version to change keeps
/// the list fresh; Orleans's client takes it over from memory. While Consul is away the list stays as it was, and so it
/// does when Consul has lost all silos: those that run are worth trying all the same.
/// </summary>
internal sealed partial class ConsulGatewayList(
    ConsulClient consul,
    ConsulPatience patience,
    IOptions<ConsulOptions> consulOptions,
    IOptions<ConsulClusteringOptions> options,
    IOptions<ClusterOptions> cluster,
    TimeProvider time,
    ILogger<ConsulGatewayList> logger) : IGatewayListProvider, IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);

    // Keeps a version that changes without end from becoming requests without end.
    private static readonly TimeSpan PauseBetweenReads = TimeSpan.FromMilliseconds(50);

    private readonly ConsulMembershipRows _rows = new(options.Value.Root, cluster.Value.ClusterId);
    private readonly CancellationTokenSource _stop = new();
    private volatile List<Uri> _gateways = [];
    private Task? _watching;

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => options.Value.GatewayAvoidance;

    /// <inheritdoc/>
    public bool IsUpdatable => true;

    /// <summary>Where the list stands, for messages.</summary>
    public string Place => $"{_rows.Prefix} in Consul at {consul.Address}";

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(CancellationToken.None);

    /// <summary>Waits until Consul answers: a gateway may start before it does.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken)
    {
        if (_watching is not null)
            return;
        var index = await patience.UntilItAnswersAsync(
            "find the cluster's silos", stop => RefreshAsync(0, stop), cancellationToken);
        _watching = WatchAsync(index);
    }

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGateways() => Task.FromResult<IList<Uri>>(_gateways);

    /// <inheritdoc/>
    public Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken) => GetGateways();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_watching is not null)
            await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(ulong index)
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                index = await RefreshAsync(index, _stop.Token);
                if (failures > 0)
                    LogAnswersAgain(consul.Address);
                failures = 0;
                await Task.Delay(PauseBetweenReads, time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Consul may come back with another history, whose indexes begin anew.
                index = 0;
                failures++;
                if (failures == 1)
                    LogAway(_gateways.Count, failure.Message);
                await Task.Delay(
                        ConsulBackoff.Delay(failures, FirstDelay, consulOptions.Value.RetryDelayMax), time, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<ulong> RefreshAsync(ulong index, CancellationToken cancellationToken)
    {
        // Only the version is watched: each silo's sign of life would end a request that watched all keys.
        var watch = await consul.WatchAsync(_rows.VersionKey, index, cancellationToken);
        if (watch.Index == index)
            return index;
        var table = _rows.Read(await consul.ReadTreeAsync(_rows.Prefix, cancellationToken));
        var gateways = table.Silos
            .Select(silo => silo.Entry)
            .Where(entry => entry.Status == SiloStatus.Active && entry.ProxyPort != 0)
            .Select(entry => SiloAddress.New(
                entry.SiloAddress.Endpoint.Address, entry.ProxyPort, entry.SiloAddress.Generation).ToGatewayUri())
            .OrderBy(uri => uri.ToString(), StringComparer.Ordinal)
            .ToList();
        ConsulMetrics.Gateways.Set(gateways.Count);
        Publish(gateways);
        return watch.Index;
    }

    private void Publish(List<Uri> gateways)
    {
        var known = _gateways;
        if (gateways.SequenceEqual(known))
            return;
        if (gateways.Count == 0)
        {
            LogNoneLeft(known.Count);
            return;
        }

        _gateways = gateways;
        LogChanged(gateways.Count);
    }
}

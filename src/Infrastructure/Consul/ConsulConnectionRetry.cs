using Microsoft.Extensions.Logging;
using Orleans.Messaging;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>
/// Lets Orleans's client wait for silos at its start for as long as it takes, so that gateways may start first. Once
/// connected, the client connects again by itself.
/// </summary>
internal sealed partial class ConsulConnectionRetry(
    IGatewayListProvider gateways, TimeProvider time, ILogger<ConsulConnectionRetry> logger)
    : IClientConnectionRetryFilter
{
    private const int AttemptsPerReminder = 15;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(2);

    private int _failures;

    /// <inheritdoc/>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || exception is OperationCanceledException)
            return false;
        var failures = ++_failures;
        if (failures % AttemptsPerReminder == 1)
        {
            var place = gateways is ConsulGatewayList list ? list.Place : "the list of gateways";
            var known = (await gateways.GetGatewaysAsync(cancellationToken)).Count;
            LogWaiting(known, place, exception.Message);
        }

        await Task.Delay(ConsulBackoff.Delay(failures, FirstDelay, DelayMax), time, cancellationToken);
        return true;
    }
}

using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// Counts deliveries that failed for as long as one is tried. What becomes of the message the cache decides: it
/// is offered again until it was refused too often, then it goes to the dead letters.
/// </summary>
internal sealed partial class RabbitMqFailureHandler(ILogger<RabbitMqFailureHandler> logger) : IStreamFailureHandler
{
    /// <summary>A follower is part of the program, so it stays one, whatever it failed at.</summary>
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        RabbitMqMetrics.DeliveryFailures.Inc();
        LogFailed(streamIdentity, subscriptionId.Guid);
        return Task.CompletedTask;
    }

    public Task OnSubscriptionFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        RabbitMqMetrics.DeliveryFailures.Inc();
        LogFailed(streamIdentity, subscriptionId.Guid);
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A message of stream {Stream} could not be delivered to subscription {Subscription}; it is tried "
            + "again, or put aside when that was too often")]
    private partial void LogFailed(StreamId stream, Guid subscription);
}

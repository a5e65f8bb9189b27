using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Publishes to, and reads, the queues of one stream provider.</summary>
internal sealed class RabbitMqAdapter(
    string name,
    IStreamQueueMapper mapper,
    RabbitMqNames names,
    RabbitMqMessages messages,
    RabbitMqPublisher publisher,
    int deliveryLimit,
    Func<QueueId, RabbitMqSignal, RabbitMqReceiver> newReceiver) : IQueueAdapter, IQueueAdapterCache
{
    // An agent makes a cache and a receiver for its queue; what settles in the one wakes the other.
    private readonly ConcurrentDictionary<QueueId, RabbitMqSignal> _signals = new();

    public string Name => name;

    /// <summary>What was acknowledged is gone from a queue.</summary>
    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    /// <summary>
    /// Publishes events as one message. When it returns, the broker keeps them on the disks of a majority. Messages
    /// of one stream that are handed over one after another are in their queue in that order.
    /// </summary>
    /// <exception cref="RabbitMqUnavailableException">They may not be kept: publish them again.</exception>
    public Task QueueMessageBatchAsync<T>(
        StreamId streamId,
        IEnumerable<T> events,
        StreamSequenceToken? token,
        Dictionary<string, object>? requestContext)
    {
        if (token is not null)
            throw new ArgumentException("RabbitMQ gives messages their places.", nameof(token));
        var (properties, body) = messages.Write(streamId, events.Cast<object>(), requestContext);
        var queue = names.Queue(mapper.GetQueueForStream(streamId));
        return publisher.PublishAsync(names.Exchange, queue, properties, body);
    }

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => newReceiver(queueId, SignalOf(queueId));

    public IQueueCache CreateQueueCache(QueueId queueId) => new RabbitMqQueueCache(deliveryLimit, SignalOf(queueId));

    private RabbitMqSignal SignalOf(QueueId queueId) => _signals.GetOrAdd(queueId, static _ => new RabbitMqSignal());
}

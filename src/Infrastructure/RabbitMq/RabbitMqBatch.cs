using System.Collections.Immutable;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// Events of one stream that were published together: the body of a message at the broker, and what the reader of the
/// queue hands to consumers.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.streams.rabbitmq-batch")]
internal sealed class RabbitMqBatch(
    StreamId streamId, ImmutableArray<object> events, ImmutableDictionary<string, object>? requestContext)
    : IBatchContainer
{
    /// <inheritdoc/>
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    /// <summary>What happened, in order.</summary>
    [Id(1)]
    public ImmutableArray<object> Events { get; } = events;

    /// <summary>The publisher's request context.</summary>
    [Id(2)]
    public ImmutableDictionary<string, object>? RequestContext { get; } = requestContext;

    /// <summary>Its place among what this reader received; none in a message's body.</summary>
    [Id(3)]
    public EventSequenceTokenV2 Place { get; private set; } = new(0);

    /// <summary>How it came; known to the reader of the queue alone, and no part of what is sent.</summary>
    [field: NonSerialized]
    internal RabbitMqDelivery? Delivery { get; private set; }

    /// <inheritdoc/>
    public StreamSequenceToken SequenceToken => Place;

    /// <inheritdoc/>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => Events
        .Select((happened, index) => (happened, index))
        .Where(static item => item.happened is T)
        .Select(item => Tuple.Create<T, StreamSequenceToken>(
            (T)item.happened, Place.CreateSequenceTokenForEvent(item.index)));

    /// <inheritdoc/>
    public bool ImportRequestContext()
    {
        if (RequestContext is null)
            return false;
        RequestContextExtensions.Import(RequestContext.ToDictionary());
        return true;
    }

    /// <summary>Gives it its place, once, before anybody else sees it.</summary>
    internal void Receive(RabbitMqDelivery delivery, long number)
    {
        Delivery = delivery;
        Place = new EventSequenceTokenV2(number);
    }
}

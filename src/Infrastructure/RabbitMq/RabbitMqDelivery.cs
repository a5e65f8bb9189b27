using RabbitMQ.Client;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>What became of a delivery.</summary>
internal enum RabbitMqOutcome
{
    /// <summary>Its consumers have handled it.</summary>
    Handled,

    /// <summary>A consumer refused it as often as is allowed.</summary>
    Refused,

    /// <summary>Nobody followed its stream just then.</summary>
    Unclaimed,
}

/// <summary>
/// One message as one channel delivered it. It can be acknowledged on that channel only: once the channel is
/// closed the broker delivers it again, to whoever has the queue then.
/// </summary>
/// <param name="Channel">Who delivered it.</param>
/// <param name="Tag">Its number on that channel.</param>
/// <param name="EarlierDeliveries">How often the broker says that it came before.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="Batch">What it holds.</param>
/// <param name="Properties">Its properties, for a dead letter.</param>
/// <param name="Body">Its bytes, for a dead letter.</param>
internal sealed record RabbitMqDelivery(
    IChannel Channel,
    ulong Tag,
    int EarlierDeliveries,
    DateTimeOffset PublishedAt,
    RabbitMqBatch Batch,
    BasicProperties Properties,
    ReadOnlyMemory<byte> Body)
{
    private int _failures;

    /// <summary>Whether it will come again by itself.</summary>
    public bool IsLost => !Channel.IsOpen;

    /// <summary>What became of it.</summary>
    public RabbitMqOutcome Outcome { get; set; } = RabbitMqOutcome.Unclaimed;

    /// <summary>How often it was delivered in vain, counting this one.</summary>
    public int Failures => EarlierDeliveries + _failures;

    /// <summary>One more delivery of it failed.</summary>
    public void Fail() => _failures++;
}

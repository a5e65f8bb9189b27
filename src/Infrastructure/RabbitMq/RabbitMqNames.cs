using System.Globalization;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// What one stream provider is called at the broker, which an operator sees: the exchange that messages are published
/// to, a queue for each partition bound by its own name, and a fan-out exchange with a queue for dead letters.
/// </summary>
internal sealed class RabbitMqNames(string prefix, string serviceId, string provider)
{
    /// <summary>The direct exchange in front of the partitions' queues.</summary>
    public string Exchange { get; } = $"{prefix}{serviceId}.{provider}";

    /// <summary>The exchange, and the queue, of dead letters.</summary>
    public string DeadLetters => $"{Exchange}.dead";

    /// <summary>The queue of a partition, which is its routing key too.</summary>
    public string Queue(QueueId partition) => $"{Exchange}.{Partition(partition)}";

    /// <summary>The number of a partition.</summary>
    public static string Partition(QueueId partition) =>
        partition.GetNumericId().ToString(CultureInfo.InvariantCulture);
}

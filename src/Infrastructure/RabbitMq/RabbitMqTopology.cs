using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// The exchanges and queues of one stream provider. Declaring them again changes nothing, so everybody declares what
/// they need whenever they have connected. All are durable; the queues are quorum queues.
/// </summary>
internal sealed partial class RabbitMqTopology(
    RabbitMqNames names, IStreamQueueMapper mapper, IOptions<RabbitMqOptions> options, ILogger<RabbitMqTopology> logger)
{
    private const int PreconditionFailed = 406;

    /// <summary>
    /// RabbitMQ 4 drops what was looked at twenty times from a quorum queue without dead letters of its own; every
    /// version takes this number, which nobody reaches.
    /// </summary>
    private const int DeadLetterLimit = 1_000_000;

    private readonly ConcurrentDictionary<string, bool> _differing = new(StringComparer.Ordinal);

    /// <summary>What all this is called.</summary>
    public RabbitMqNames Names => names;

    /// <summary>Declares everything.</summary>
    public Task DeclareAsync(IConnection connection, CancellationToken cancellationToken) =>
        DeclareAsync(connection, mapper.GetAllQueues(), cancellationToken);

    /// <summary>Declares what the consumers of some partitions need.</summary>
    public async Task DeclareAsync(
        IConnection connection, IEnumerable<QueueId> partitions, CancellationToken cancellationToken)
    {
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken))
        {
            await channel.ExchangeDeclareAsync(
                names.Exchange, ExchangeType.Direct, durable: true, autoDelete: false,
                cancellationToken: cancellationToken);
            await channel.ExchangeDeclareAsync(
                names.DeadLetters, ExchangeType.Fanout, durable: true, autoDelete: false,
                cancellationToken: cancellationToken);
        }

        await DeclareAsync(connection, names.DeadLetters, names.DeadLetters, DeadLetterArguments(), cancellationToken);
        foreach (var queue in partitions.Select(names.Queue))
            await DeclareAsync(connection, queue, names.Exchange, Arguments(), cancellationToken);
    }

    private async Task DeclareAsync(
        IConnection connection,
        string queue,
        string exchange,
        Dictionary<string, object?> arguments,
        CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, arguments,
                cancellationToken: cancellationToken);
            await channel.QueueBindAsync(queue, exchange, queue, cancellationToken: cancellationToken);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            // It was made with other settings, which only its removal could change: it serves as it is.
            if (_differing.TryAdd(queue, true))
                LogDiffers(queue, e.ShutdownReason.ReplyText);
            await using var second = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await second.QueueBindAsync(queue, exchange, queue, cancellationToken: cancellationToken);
        }
    }

    /// <summary>
    /// One consumer at a time has a queue, so that while a queue passes from one silo to another its streams keep their
    /// order. What has failed too often leaves it only once the dead-letter queue has it.
    /// </summary>
    private Dictionary<string, object?> Arguments() => new(StringComparer.Ordinal)
    {
        ["x-queue-type"] = "quorum",
        ["x-single-active-consumer"] = true,
        ["x-delivery-limit"] = options.Value.DeliveryLimit,
        ["x-dead-letter-exchange"] = names.DeadLetters,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    private static Dictionary<string, object?> DeadLetterArguments() => new(StringComparer.Ordinal)
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = DeadLetterLimit,
    };

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Queue {Queue} was declared with other settings and serves with those: {Reason} To change them, let "
            + "it drain and delete it, or set a policy at the broker")]
    private partial void LogDiffers(string queue, string reason);
}

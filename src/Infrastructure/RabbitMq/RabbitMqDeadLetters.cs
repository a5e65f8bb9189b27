using System.Globalization;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// Puts messages aside that cannot be handled: a copy, with headers that say why, where and when, goes to the
/// dead-letter queue, and only once that is confirmed is the message taken from its own queue. Those of which silos
/// died are put there by the broker, with its <c>x-death</c> header.
/// </summary>
/// <remarks>
/// Each keeps the routing key of its queue. So once the cause is mended an operator moves all of them back by a
/// shovel from the queue <c>….dead</c> to the exchange of the same name without <c>.dead</c>: docs/operating.md.
/// </remarks>
internal sealed partial class RabbitMqDeadLetters(
    RabbitMqPublisher publisher, RabbitMqNames names, TimeProvider clock, ILogger<RabbitMqDeadLetters> logger)
{
    /// <summary>It could not be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A consumer refused it too often.</summary>
    public const string Undeliverable = "undeliverable";

    public const string ReasonHeader = "dead-reason";
    public const string DetailHeader = "dead-detail";
    public const string QueueHeader = "dead-queue";
    public const string AtHeader = "dead-at";
    public const string ByHeader = "dead-by";

    private const int DetailCharactersMax = 500;

    /// <summary>Puts a message aside; when it returns, the broker keeps it.</summary>
    /// <exception cref="RabbitMqUnavailableException">It is not put aside, or not known to be.</exception>
    public async Task SendAsync(
        string queue, string reason, string detail, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var headers = new Dictionary<string, object?>(
            properties.Headers ?? new Dictionary<string, object?>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [ReasonHeader] = reason,
            [DetailHeader] = detail.Length > DetailCharactersMax ? detail[..DetailCharactersMax] : detail,
            [QueueHeader] = queue,
            [AtHeader] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            [ByHeader] = Environment.MachineName,
        };
        await publisher.PublishAsync(
            names.DeadLetters, queue, new BasicProperties(properties) { Headers = headers, Persistent = true }, body);
        RabbitMqMetrics.DeadLettered.WithLabels(reason).Inc();
        LogSent(queue, properties.MessageId ?? "(none)", names.DeadLetters, reason, detail);
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "A message of {Queue} ({MessageId}) went to {DeadLetters}, as it is {Reason}: {Detail}")]
    private partial void LogSent(string queue, string messageId, string deadLetters, string reason, string detail);
}

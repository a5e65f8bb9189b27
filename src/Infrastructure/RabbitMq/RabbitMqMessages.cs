using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using RabbitMQ.Client;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// Events as messages. The body is Orleans's own bytes, in which types go by their aliases; the headers tell an
/// operator in the management page which stream it is about.
/// </summary>
internal sealed class RabbitMqMessages(Serializer serializer, IOptions<ClusterOptions> cluster, TimeProvider clock)
{
    /// <summary>The kind of bytes in the body.</summary>
    public const string ContentType = "application/x-orleans";

    /// <summary>The version of what is written here; a reader refuses later ones.</summary>
    public const int Version = 1;

    public const string NamespaceHeader = "stream-namespace";
    public const string KeyHeader = "stream-key";
    public const string VersionHeader = "provider-version";

    private const string PublishedHeader = "published-at-ms";
    private const string DeliveriesHeader = "x-delivery-count";

    /// <summary>The message that carries events.</summary>
    public (BasicProperties Properties, byte[] Body) Write(
        StreamId streamId, IEnumerable<object> events, Dictionary<string, object>? requestContext)
    {
        var now = clock.GetUtcNow();
        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = ContentType,
            MessageId = Guid.CreateVersion7(now).ToString("N"),
            AppId = cluster.Value.ServiceId,
            Timestamp = new AmqpTimestamp(now.ToUnixTimeSeconds()),
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [NamespaceHeader] = streamId.GetNamespace(),
                [KeyHeader] = streamId.GetKeyAsString(),
                [VersionHeader] = Version,
                [PublishedHeader] = now.ToUnixTimeMilliseconds(),
            },
        };
        var context = requestContext is { Count: > 0 } ? requestContext.ToImmutableDictionary() : null;
        return (properties, serializer.SerializeToArray(new RabbitMqBatch(streamId, [.. events], context)));
    }

    /// <summary>The events that a message carries.</summary>
    /// <exception cref="FormatException">It is no message of ours, or of a later version.</exception>
    public RabbitMqBatch Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        if (properties.ContentType != ContentType || Number(properties, VersionHeader) is not { } version)
            throw new FormatException("It was not published by this program.");
        if (version > Version)
            throw new FormatException($"It is of version {version}; this program reads up to {Version}.");
        var batch = serializer.Deserialize<RabbitMqBatch>(body);
        return batch is { Events.IsDefault: false } ? batch : throw new FormatException("Its body is empty.");
    }

    /// <summary>When a message was published; now, where it does not say.</summary>
    public DateTimeOffset PublishedAt(IReadOnlyBasicProperties properties) =>
        Number(properties, PublishedHeader) is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : clock.GetUtcNow();

    /// <summary>
    /// How often a message came before. The header counts only where the broker has set it: one that an operator sent
    /// again may carry it from the dead-letter queue.
    /// </summary>
    public static int EarlierDeliveries(IReadOnlyBasicProperties properties, bool isRedelivered) =>
        isRedelivered && Number(properties, DeliveriesHeader) is { } count ? (int)Math.Min(count, int.MaxValue) : 0;

    private static long? Number(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out var value) != true ? null : value switch
        {
            byte or sbyte or short or ushort or int or uint or long =>
                Convert.ToInt64(value, CultureInfo.InvariantCulture),
            byte[] text when long.TryParse(
                Encoding.UTF8.GetString(text), NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                number,
            _ => null,
        };
}

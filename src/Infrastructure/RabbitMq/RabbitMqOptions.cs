using System.ComponentModel.DataAnnotations;
using System.Globalization;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Event streams over RabbitMQ 3.10 or later. Section <c>Streams:RabbitMq</c>.</summary>
public sealed class RabbitMqOptions : IValidatableObject
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Streams:RabbitMq";

    /// <summary>
    /// RabbitMQ closes a channel that holds a message longer than half an hour (its <c>consumer_timeout</c>).
    /// </summary>
    private static readonly TimeSpan HeldMax = TimeSpan.FromMinutes(25);

    /// <summary>
    /// <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS. When it is set it stands for
    /// <see cref="Endpoints"/>, <see cref="UserName"/>, <see cref="Password"/>, <see cref="VirtualHost"/> and
    /// <see cref="UseTls"/>. A secret.
    /// </summary>
    [Secret]
    public string? Uri { get; set; }

    /// <summary>
    /// The brokers of one RabbitMQ cluster, each <c>host</c> or <c>host:port</c>, separated by commas. They are tried
    /// in random order.
    /// </summary>
    [Required]
    public string Endpoints { get; set; } = "localhost";

    /// <summary>Who logs in. RabbitMQ lets <c>guest</c> in from its own machine only.</summary>
    [Required]
    public string UserName { get; set; } = "guest";

    /// <summary>The password. A secret.</summary>
    [Required]
    [Secret]
    public string Password { get; set; } = "guest";

    /// <summary>The virtual host.</summary>
    [Required]
    public string VirtualHost { get; set; } = "/";

    /// <summary>Whether connections are encrypted, and the broker's certificate checked.</summary>
    public bool UseTls { get; set; }

    /// <summary>The name in the broker's certificate, where it is not the host's.</summary>
    public string? TlsServerName { get; set; }

    /// <summary>A PEM file of certificate authorities that are trusted instead of the machine's.</summary>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>
    /// Begins the names of exchanges and queues, before <c>service id.provider</c>: for several installations on one
    /// virtual host.
    /// </summary>
    [RegularExpression("[A-Za-z0-9._-]{0,100}")]
    public string Prefix { get; set; } = "";

    /// <summary>
    /// Queues that streams are spread over; the same in every silo. More of them let more silos share the work. Let
    /// them drain before there are fewer: nobody reads a queue that is none of them.
    /// </summary>
    [Range(1, 256)]
    public int Partitions { get; set; } = 8;

    /// <summary>Messages of one queue that may be under way between the broker and their consumers.</summary>
    [Range(1, 10_000)]
    public int Prefetch { get; set; } = 500;

    /// <summary>
    /// Deliveries of one message that may fail before it goes to the dead-letter queue: those that its consumer
    /// refused, and those that silos died of. The broker holds it too, as the queue's <c>x-delivery-limit</c>.
    /// </summary>
    [Range(1, 1_000)]
    public int DeliveryLimit { get; set; } = 20;

    /// <summary>
    /// How long one delivery is tried, with growing pauses, before it counts as failed. Later messages of the same
    /// stream wait meanwhile.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan DeliveryTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long publishing waits for a confirmation; then the message waits in the outbox.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages of one silo that may wait for confirmation at once; a further one waits for a place.</summary>
    [Range(1, 100_000)]
    public int PublishesInFlightMax { get; set; } = 2_000;

    /// <summary>How long opening a connection, or one exchange of words with the broker, may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection that is silent for twice as long is given up. Whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a first failed attempt to connect; it doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReconnectDelayMin { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between attempts to connect.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ReconnectDelayMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How soon the reader of a queue that was interrupted reads on.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the reader of an idle queue sleeps unless the broker sends something.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan IdleWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the broker is asked how many messages wait.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan DepthPeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Uri is not null && !IsAmqp(Uri))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Uri)} must be amqp://user:password@host:port/vhost, or the same with amqps.",
                [nameof(Uri)]);
        }

        foreach (var endpoint in EndpointList.Where(static endpoint => !IsEndpoint(endpoint)))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Endpoints)} holds '{endpoint}'; it must be host or host:port, separated by commas.",
                [nameof(Endpoints)]);
        }

        if (ReconnectDelayMax < ReconnectDelayMin)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(ReconnectDelayMax)} is {ReconnectDelayMax}; it must be at least "
                + $"{nameof(ReconnectDelayMin)}, which is {ReconnectDelayMin}.",
                [nameof(ReconnectDelayMax)]);
        }

        if (DeliveryLimit * DeliveryTime > HeldMax)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(DeliveryLimit)} is {DeliveryLimit} and {nameof(DeliveryTime)} is {DeliveryTime}; "
                + $"their product must be at most {HeldMax}, as RabbitMQ lets no message be held much longer.",
                [nameof(DeliveryLimit), nameof(DeliveryTime)]);
        }

        if (TlsAuthorityFile is { } file && !File.Exists(file))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(TlsAuthorityFile)} is '{file}'; it must be a PEM file that exists.",
                [nameof(TlsAuthorityFile)]);
        }
    }

    /// <summary><see cref="Endpoints"/>, each by itself.</summary>
    internal IEnumerable<string> EndpointList =>
        Endpoints.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Host and port of an endpoint; no port when it names none.</summary>
    internal static (string Host, int? Port) Parse(string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        return colon < 0 || endpoint.EndsWith(']')
            ? (endpoint.Trim('[', ']'), null)
            : (endpoint[..colon].Trim('[', ']'), int.Parse(endpoint.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private static bool IsEndpoint(string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        var hasPort = colon >= 0 && !endpoint.EndsWith(']');
        return System.Uri.CheckHostName(hasPort ? endpoint[..colon] : endpoint) != UriHostNameType.Unknown
            && (!hasPort || (int.TryParse(endpoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var port) && port is > 0 and <= ushort.MaxValue));
    }

    private static bool IsAmqp(string text) =>
        System.Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("amqp" or "amqps");
}

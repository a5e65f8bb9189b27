using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// A silo's two connections. They are apart because a broker that is short of memory or disk stops reading from
/// connections that publish, and acknowledgements must get through just then.
/// </summary>
internal sealed class RabbitMqConnections(
    IOptions<RabbitMqOptions> options, TimeProvider clock, ILogger<RabbitMqConnection> logger) : IAsyncDisposable
{
    /// <summary>Carries messages to the broker.</summary>
    public RabbitMqConnection Publishing { get; } = new("publishing", options, clock, logger);

    /// <summary>Carries messages from the broker, and acknowledgements.</summary>
    public RabbitMqConnection Consuming { get; } = new("consuming", options, clock, logger);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Consuming.DisposeAsync();
        await Publishing.DisposeAsync();
    }
}

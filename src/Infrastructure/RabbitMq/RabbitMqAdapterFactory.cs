using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Puts the parts of one stream provider together.</summary>
internal sealed class RabbitMqAdapterFactory : IQueueAdapterFactory, IDisposable
{
    private readonly RabbitMqConnections _connections;
    private readonly RabbitMqPublisher _publisher;
    private readonly RabbitMqAdapter _adapter;
    private readonly HashRingBasedStreamQueueMapper _mapper;
    private readonly RabbitMqFailureHandler _failures;

    private RabbitMqAdapterFactory(IServiceProvider services, string provider)
    {
        var options = services.GetRequiredService<IOptions<RabbitMqOptions>>();
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>();
        _connections = services.GetRequiredService<RabbitMqConnections>();
        _mapper = new HashRingBasedStreamQueueMapper(
            new HashRingStreamQueueMapperOptions { TotalQueueCount = options.Value.Partitions }, provider);
        var names = new RabbitMqNames(options.Value.Prefix, cluster.Value.ServiceId, provider);
        var topology = ActivatorUtilities.CreateInstance<RabbitMqTopology>(services, names, _mapper);
        _publisher = ActivatorUtilities.CreateInstance<RabbitMqPublisher>(services, topology);
        var messages = ActivatorUtilities.CreateInstance<RabbitMqMessages>(services);
        var deadLetters = ActivatorUtilities.CreateInstance<RabbitMqDeadLetters>(services, _publisher, names);
        _failures = ActivatorUtilities.CreateInstance<RabbitMqFailureHandler>(services);
        _adapter = new RabbitMqAdapter(
            provider, _mapper, names, messages, _publisher, options.Value.DeliveryLimit,
            (queueId, signal) => new RabbitMqReceiver(
                queueId, signal, _connections, topology, messages, deadLetters, options,
                services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<RabbitMqReceiver>>()));
    }

    /// <summary>The factory of a stream provider.</summary>
    public static IQueueAdapterFactory Create(IServiceProvider services, string provider) =>
        new RabbitMqAdapterFactory(services, provider);

    /// <summary>Begins to connect; the silo does not wait for it.</summary>
    public Task<IQueueAdapter> CreateAdapter()
    {
        _connections.Publishing.Start();
        _connections.Consuming.Start();
        return Task.FromResult<IQueueAdapter>(_adapter);
    }

    public IQueueAdapterCache GetQueueAdapterCache() => _adapter;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(_failures);

    /// <inheritdoc/>
    public void Dispose() => _publisher.Dispose();
}

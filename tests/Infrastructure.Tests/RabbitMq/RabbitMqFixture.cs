using IndiiMusic.Infrastructure.RabbitMq;
using IndiiMusic.Infrastructure.Tests.Conformance;
using IndiiMusic.TestServers;
using RabbitMQ.Client;

namespace IndiiMusic.Infrastructure.Tests.RabbitMq;

/// <summary>Tests that share one broker, one after another: some stop it.</summary>
[CollectionDefinition(Name)]
public sealed class RabbitMqCollection : ICollectionFixture<RabbitMqFixture>
{
    public const string Name = "rabbitmq";
}

/// <summary>A real broker.</summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    public RabbitMqServer Server { get; } = new();

    public Task InitializeAsync() => Server.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Adds the provider, impatient.</summary>
    internal void AddStreams(ISiloBuilder silo, Action<RabbitMqOptions>? configure = null) => silo.AddRabbitMqStreams(
        EventStreamSilo.Provider,
        options =>
        {
            options.Uri = Server.Uri;
            options.Partitions = 4;
            options.DeliveryTime = TimeSpan.FromSeconds(1);
            options.PublishTimeout = TimeSpan.FromSeconds(5);
            options.ReconnectDelayMax = TimeSpan.FromMilliseconds(500);
            options.DepthPeriod = TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        });

    internal async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(Server.Uri) }.CreateConnectionAsync();
}

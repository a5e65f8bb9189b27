using IndiiMusic.Grains;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.RabbitMq;
using Orleans.Configuration;
using Orleans.Streams;

namespace IndiiMusic.Silo.Streams;

/// <summary>What carries published events to their followers. Key <c>Streams:Provider</c>.</summary>
public enum StreamsProvider
{
    /// <summary>Queues in memory. The outbox behind them makes up for what a crash loses.</summary>
    Memory,

    /// <summary>Quorum queues in RabbitMQ.</summary>
    RabbitMq,
}

/// <summary>The streams of this silo.</summary>
internal static class StreamsHosting
{
    /// <summary>Adds what <c>Streams:Provider</c> says.</summary>
    public static ISiloBuilder AddIndiiStreams(this ISiloBuilder silo) =>
        silo.Services.ChooseProvider(silo.Configuration, "Streams", StreamsProvider.Memory) switch
        {
            StreamsProvider.RabbitMq => silo.AddRabbitMqStreams(EventStreams.Provider),
            _ => silo.AddQueuesInMemory(),
        };

    private static ISiloBuilder AddQueuesInMemory(this ISiloBuilder silo) => silo.AddMemoryStreams(
        EventStreams.Provider,
        streams =>
        {
            // One process needs few queues: each is polled by an agent of its own, also when nothing happens.
            streams.ConfigurePartitioning(numOfQueues: 2);
            streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
            streams.ConfigurePullingAgent(agent => agent.Configure(options =>
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(50)));
        });
}

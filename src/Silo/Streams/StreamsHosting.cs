using IndiiMusic.Grains;
using Orleans.Configuration;
using Orleans.Streams;

namespace IndiiMusic.Silo.Streams;

/// <summary>What carries published events to their followers.</summary>
internal static class StreamsHosting
{
    /// <summary>Queues in memory. The outbox behind them makes up for what a crash loses.</summary>
    public static ISiloBuilder AddIndiiStreams(this ISiloBuilder silo) => silo.AddMemoryStreams(
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

using IndiiMusic.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>Event streams over RabbitMQ.</summary>
public static class RabbitMqHosting
{
    /// <summary>The name of the health check, tagged <c>ready</c>, that is degraded while the broker is away.</summary>
    public const string HealthCheckName = "rabbitmq";

    private static readonly string[] HealthCheckTags = ["ready"];

    /// <summary>
    /// Adds a stream provider on RabbitMQ. Its options come from <see cref="RabbitMqOptions.Section"/>, then from
    /// <paramref name="configure"/>. The silo starts without the broker and waits for it.
    /// </summary>
    public static ISiloBuilder AddRabbitMqStreams(
        this ISiloBuilder silo, string providerName, Action<RabbitMqOptions>? configure = null)
    {
        RabbitMqMetrics.Prepare();
        var services = silo.Services;
        var options = services.AddOptions<RabbitMqOptions>()
            .BindConfiguration(RabbitMqOptions.Section)
            .ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RabbitMqOptions>, RabbitMqOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RabbitMqConnections>();
        services.AddHealthChecks().AddCheck<RabbitMqHealthCheck>(HealthCheckName, tags: HealthCheckTags);
        if (providerName == EventStreams.Provider)
        {
            services.Configure<EventStreamOptions>(
                static streams => streams.Promise = EventStreamPromise.KeptOnceAccepted);
        }

        return silo.AddPersistentStreams(providerName, RabbitMqAdapterFactory.Create, Configure);
    }

    private static void Configure(ISiloPersistentStreamConfigurator streams)
    {
        streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);

        // A queue passes on as soon as the cluster knows that its silo is dead. The balancer by deployment spreads
        // queues more evenly, but a silo that has just started ignores the deaths of others for its first minutes.
        streams.UseConsistentRingQueueBalancer();
        streams.ConfigurePullingAgent(agent => agent.Configure<IOptions<RabbitMqOptions>>((pulling, options) =>
        {
            pulling.GetQueueMsgsTimerPeriod = options.Value.PollPeriod;
            pulling.MaxEventDeliveryTime = options.Value.DeliveryTime;
        }));
    }
}

using IndiiMusic.Infrastructure.Clustering;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.Tracing;
using Orleans.Configuration;

namespace IndiiMusic.Api.Clustering;

/// <summary>How a gateway of its own finds silos. Key <c>Clustering:Provider</c>.</summary>
public enum GatewayClusteringProvider
{
    /// <summary>By the membership table in Consul.</summary>
    Consul,
}

/// <summary>This gateway as a client of the cluster.</summary>
internal static class ClusterClientHosting
{
    /// <summary>
    /// How long one try of a call may take. A silo that crashed answers nothing, and a call that it had stays open
    /// until then; it is sent again where that is safe. Calls that are not, and may take longer, say so on their
    /// interface. Longer than storage takes to say that it does not answer.
    /// </summary>
    private static readonly TimeSpan TryTimeMax = TimeSpan.FromSeconds(7);

    /// <summary>Adds the cluster's client, which keeps trying until a silo answers.</summary>
    public static WebApplicationBuilder AddIndiiClusterClient(this WebApplicationBuilder builder)
    {
        builder.ChooseProvider("Clustering", GatewayClusteringProvider.Consul);
        builder.Services.AddSingleton<ClusterConnection>();
        builder.Services.AddHealthChecks().AddCheck<ClusterConnection>("silos");
        builder.UseOrleansClient(client =>
        {
            client.Services.AddClusterIdentity(builder.Configuration);
            client.UseConsulClustering();
            client.AddGrainTracing();
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TryTimeMax);
            client.Services.AddSingleton<IOutgoingGrainCallFilter, SafeRetries>();
            client.Services.AddSingleton<GatewayCountChangedHandler>(services => (_, change) =>
                services.GetRequiredService<ClusterConnection>().OnSilos(change.NumberOfConnectedGateways));
        });
        return builder;
    }
}

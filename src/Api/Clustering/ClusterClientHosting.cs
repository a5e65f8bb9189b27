using IndiiMusic.Infrastructure.Clustering;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Hosting;

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
            client.Services.AddSingleton<IOutgoingGrainCallFilter, SafeRetries>();
            client.Services.AddSingleton<GatewayCountChangedHandler>(services => (_, change) =>
                services.GetRequiredService<ClusterConnection>().OnSilos(change.NumberOfConnectedGateways));
        });
        return builder;
    }
}

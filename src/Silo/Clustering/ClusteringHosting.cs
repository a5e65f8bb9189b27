using System.Net;
using IndiiMusic.Infrastructure.Clustering;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace IndiiMusic.Silo.Clustering;

/// <summary>How this silo finds the others.</summary>
internal static class ClusteringHosting
{
    /// <summary>What the only silo of a cluster calls itself; nobody connects to it.</summary>
    private const int OnlySiloPort = 11111;

    /// <summary>Adds what <c>Clustering:Provider</c> says.</summary>
    public static ISiloBuilder AddIndiiClustering(this ISiloBuilder silo) =>
        silo.Services.ChooseProvider(silo.Configuration, "Clustering", ClusteringProvider.Localhost) switch
        {
            ClusteringProvider.Consul => silo.AddMemberOfCluster().UseConsulClustering(),
            _ => silo.AddOnlySilo(),
        };

    /// <summary>One silo, alone, that callers reach inside its own process.</summary>
    private static ISiloBuilder AddOnlySilo(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(OnlySiloPort, gatewayPort: 0, serviceId: "indiimusic", clusterId: "standalone");
        silo.Configure<EndpointOptions>(endpoints =>
        {
            // Orleans insists on a listener though a lone silo has no peers. The kernel picks its port, on loopback, so
            // that two processes on one machine never meet; the advertised port is only a name.
            endpoints.AdvertisedIPAddress = IPAddress.Loopback;
            endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0);
            endpoints.GatewayPort = 0;
        });
        return silo;
    }

    private static ISiloBuilder AddMemberOfCluster(this ISiloBuilder silo)
    {
        silo.Services.AddClusterIdentity(silo.Configuration);
        silo.Services.AddOptions<SiloEndpointOptions>()
            .BindConfiguration(SiloEndpointOptions.Section)
            .ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<SiloEndpointOptions>, SiloEndpointOptionsRanges>();
        silo.Services.AddSingleton<IValidateOptions<SiloEndpointOptions>, SiloEndpointOptionsValidator>();
        silo.Services.AddOptions<EndpointOptions>().Configure<IOptions<SiloEndpointOptions>>((endpoints, own) =>
        {
            var address = IPAddress.Parse(own.Value.Address);
            endpoints.AdvertisedIPAddress = address;
            endpoints.SiloPort = own.Value.SiloPort;
            endpoints.GatewayPort = own.Value.GatewayPort;
            endpoints.SiloListeningEndpoint = new IPEndPoint(address, own.Value.SiloPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(address, own.Value.GatewayPort);
        });
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<SiloEndpointOptions>>(
            (membership, own) => membership.ProbeTimeout = own.Value.ProbeTimeout);
        return silo;
    }
}

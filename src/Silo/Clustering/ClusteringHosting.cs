using System.Net;
using Orleans.Configuration;

namespace IndiiMusic.Silo.Clustering;

/// <summary>How this silo finds the others.</summary>
internal static class ClusteringHosting
{
    /// <summary>What the only silo of a cluster calls itself; nobody connects to it.</summary>
    private const int OnlySiloPort = 11111;

    /// <summary>One silo, alone, that callers reach inside its own process.</summary>
    public static ISiloBuilder AddIndiiClustering(this ISiloBuilder silo)
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
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace IndiiMusic.Infrastructure.Clustering;

/// <summary>Which cluster silos and gateways belong to. Section <c>Cluster</c>.</summary>
public static class ClusterIdentity
{
    /// <summary>Where it stands in the configuration: <c>ClusterId</c> and <c>ServiceId</c>.</summary>
    public const string Section = "Cluster";

    /// <summary>The name of both unless configured.</summary>
    public const string Default = "indiimusic";

    /// <summary>
    /// Names the cluster. Silos and gateways that shall work together have the same names. The service id is part of
    /// what storage and queues are keyed by, so it never changes; the cluster id may.
    /// </summary>
    public static IServiceCollection AddClusterIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = Default;
            options.ServiceId = Default;
        });
        return services.Configure<ClusterOptions>(configuration.GetSection(Section));
    }
}

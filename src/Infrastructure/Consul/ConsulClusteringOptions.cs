using System.ComponentModel.DataAnnotations;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Where the cluster's membership stands in Consul's key-value store, and how clients follow it.</summary>
public sealed class ConsulClusteringOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Clustering:Consul";

    /// <summary>
    /// The folder above <c>orleans/&lt;cluster id&gt;</c>, without a slash at its ends; empty for none. It must be the
    /// same for every silo and gateway of a cluster.
    /// </summary>
    public string Root { get; set; } = "indiimusic";

    /// <summary>
    /// How often Orleans's client takes over the list of gateways. The list is kept fresh in memory by a request that
    /// waits at Consul, so that this costs nothing, and a change reaches the client at most this much later.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan GatewayRefreshPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a gateway that broke a connection is left alone while the list still has it. Longer than silos need to
    /// declare one of them dead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan GatewayAvoidance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What attributes cannot say: a line for each thing to mend.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Root.Length > 0 && Root.Split('/').Any(folder => folder.Trim().Length == 0))
        {
            yield return
                $"{Section}:{nameof(Root)} is '{Root}'; it may be like 'indiimusic' or 'music/indii'.";
        }
    }
}

namespace IndiiMusic.Silo.Clustering;

/// <summary>How silos find one another. Key <c>Clustering:Provider</c>.</summary>
public enum ClusteringProvider
{
    /// <summary>One silo, alone, whose callers live in its own process.</summary>
    Localhost,

    /// <summary>Several, by a membership table in Consul.</summary>
    Consul,
}

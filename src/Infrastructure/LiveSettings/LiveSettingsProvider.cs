namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Where settings stand that change while the program runs. Key <c>LiveSettings:Provider</c>.</summary>
public enum LiveSettingsProvider
{
    /// <summary>Nowhere: every change waits for the next start.</summary>
    None,

    /// <summary>In Consul's key-value store, for all processes of a cluster.</summary>
    Consul,

    /// <summary>In a JSON file of this machine.</summary>
    File,
}

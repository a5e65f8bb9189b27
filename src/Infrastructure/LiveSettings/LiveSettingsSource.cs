using Microsoft.Extensions.Configuration;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>
/// The place of live settings among the sources of a program's configuration. It is empty until the program has read
/// them, and holds only what the gate has let in.
/// </summary>
internal sealed class LiveSettingsSource : ConfigurationProvider, IConfigurationSource
{
    /// <summary>What holds now.</summary>
    public IReadOnlyDictionary<string, string?> Values => Data.AsReadOnly();

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Puts new settings in the place of the old, and tells everybody who watches.</summary>
    public void Take(IReadOnlyDictionary<string, string?> values)
    {
        Data = new Dictionary<string, string?>(values, StringComparer.OrdinalIgnoreCase);
        OnReload();
    }

    // The base class keeps an empty dictionary by itself; reading anew must not lose what was let in.
    public override void Load()
    {
    }
}

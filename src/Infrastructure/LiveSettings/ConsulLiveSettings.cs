using IndiiMusic.Infrastructure.Consul;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>
/// Live settings below a folder of Consul's keys. A request that waits at Consul brings a change within moments, for
/// all keys at once.
/// </summary>
internal sealed class ConsulLiveSettings(ConsulClient consul, IOptions<ConsulLiveSettingsOptions> options)
    : ILiveSettingsStore
{
    private readonly string _prefix = options.Value.KeyPrefix + '/';

    public string Place => $"{options.Value.KeyPrefix} in Consul at {consul.Address}";

    public async Task<LiveSettingsReading> ReadAsync(
        LiveSettingsReading? last, CancellationToken cancellationToken)
    {
        try
        {
            var tree = await consul.WatchTreeAsync(_prefix, last?.Position ?? 0, cancellationToken);
            return last is not null && tree.Index == last.Position
                ? last
                : Read(tree);
        }
        catch (ConsulException away)
        {
            throw new LiveSettingsAwayException(away.Message, away);
        }
    }

    private LiveSettingsReading Read(ConsulTreeWatch tree)
    {
        var text = new LiveSettingsText();
        foreach (var found in tree.Found)
        {
            // Consul's own pages make a key that ends with a slash for a folder.
            if (!found.Key.EndsWith('/'))
            {
                text.AddBytes(
                    found.Key[_prefix.Length..].Replace('/', ':'), found.Value ?? [], $"The key {found.Key} in Consul");
            }
        }

        return text.Read(tree.Index);
    }
}

using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Configuration;

/// <summary>
/// Tells at the start which keys no program reads, most of which are misspelt. It warns and does not refuse: while a
/// release is rolled out or back, settings of the one program stand before the other.
/// </summary>
internal sealed partial class UnknownSettings(IConfiguration configuration, ILogger<UnknownSettings> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, source, nearest) in Find(configuration))
        {
            if (nearest is null)
                LogUnknown(key, source);
            else
                LogUnknownButNear(key, source, nearest);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The keys that no program reads, where they come from, and what was probably meant.</summary>
    internal static IEnumerable<(string Key, string Source, string? Nearest)> Find(IConfiguration configuration)
    {
        foreach (var (source, provider) in ConfigurationLayers.Of(configuration))
        {
            foreach (var key in ConfigurationLayers.Values(provider).Select(pair => pair.Key))
            {
                if (IsMeantForUs(source, key)
                    && SettingsCatalogue.Find(key) is null && !SettingsCatalogue.IsFolder(key))
                {
                    yield return (key, ConfigurationLayers.Name(source), SettingsCatalogue.Nearest(key));
                }
            }
        }
    }

    // The environment holds much that is none of our business.
    private static bool IsMeantForUs(IConfigurationSource? source, string key) => source switch
    {
        EnvironmentVariablesConfigurationSource { Prefix: SettingsSources.Prefix } =>
            key.Contains(':', StringComparison.Ordinal)
            || SettingsCatalogue.Find(key.Replace('_', ':')) is not null,
        CommandLineConfigurationSource => true,
        _ => key.Contains(':', StringComparison.Ordinal) && SettingsCatalogue.IsOurs(key),
    };
}

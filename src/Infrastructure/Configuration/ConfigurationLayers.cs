using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace IndiiMusic.Infrastructure.Configuration;

/// <summary>The sources of a program's configuration one by one, the one with the last word last.</summary>
internal static class ConfigurationLayers
{
    /// <summary>Each source with what provides it.</summary>
    public static IEnumerable<(IConfigurationSource? Source, IConfigurationProvider Provider)> Of(
        IConfiguration configuration)
    {
        var providers = ((IConfigurationRoot)configuration).Providers.ToList();
        var sources = (configuration as IConfigurationBuilder)?.Sources;
        return providers.Select((provider, i) => (sources?.Count == providers.Count ? sources[i] : null, provider));
    }

    /// <summary>The keys of a source that have a value, with it.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Values(IConfigurationProvider provider) =>
        Below(provider, parent: null);

    /// <summary>What a source is called in messages.</summary>
    public static string Name(IConfigurationSource? source) => source switch
    {
        CommandLineConfigurationSource => "the command line",
        EnvironmentVariablesConfigurationSource => "the environment",
        JsonConfigurationSource { Path: { } path } => Path.GetFileName(path),
        _ => "the program",
    };

    private static IEnumerable<KeyValuePair<string, string?>> Below(IConfigurationProvider provider, string? parent)
    {
        foreach (var part in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? part : $"{parent}:{part}";
            if (provider.TryGet(key, out var value) && value is not null)
                yield return new(key, value);
            foreach (var pair in Below(provider, key))
                yield return pair;
        }
    }
}

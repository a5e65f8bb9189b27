using IndiiMusic.Infrastructure.Configuration;
using IndiiMusic.Infrastructure.Features;
using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>
/// Judges live settings before they take effect, all together: the configuration that they would make is put together
/// beside the one that holds, and everything that validates settings at the start validates it. One that is wrong
/// keeps out all.
/// </summary>
/// <param name="services">How the program is made, so that its options can be made of other settings.</param>
/// <param name="configuration">What holds now.</param>
/// <param name="source">The place of live settings in it.</param>
internal sealed class LiveSettingsGate(
    IServiceCollection services, IConfiguration configuration, LiveSettingsSource source)
{
    // What programs that are gone, or not there yet, know. It stood there when this program started.
    private HashSet<string>? _passedOver;

    /// <summary>Judges; lets nothing in by itself.</summary>
    public LiveSettingsVerdict Judge(IReadOnlyDictionary<string, string?> values)
    {
        var unknown = values.Keys.Where(key => SettingsCatalogue.Find(key) is null).ToList();
        var passedOver = _passedOver ?? unknown.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var problems = unknown.Where(key => !passedOver.Contains(key)).Select(Unknown).ToList();
        var known = values.Where(pair => !unknown.Contains(pair.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        problems.AddRange(known.Select(pair => ProblemOf(pair.Key, pair.Value)).OfType<string>());
        if (problems.Count == 0)
            problems.AddRange(ProblemsOfAll(known));
        return new LiveSettingsVerdict(
            known, [.. unknown.Where(passedOver.Contains)], problems, [.. Changes(known)]);
    }

    /// <summary>Lets in what was judged to be good.</summary>
    public void Admit(LiveSettingsVerdict verdict)
    {
        _passedOver ??= verdict.PassedOver.ToHashSet(StringComparer.OrdinalIgnoreCase);
        source.Take(verdict.Values);
    }

    private static string Unknown(string key) => SettingsCatalogue.Nearest(key) is { } nearest
        ? $"No program reads the setting {key}. Was {nearest} meant?"
        : $"No program reads the setting {key}.";

    private static string? ProblemOf(string key, string? value)
    {
        var setting = SettingsCatalogue.Find(key)!;
        if (setting.Change == SettingChange.StartOnly)
        {
            return $"{key} cannot be set live: it is read before live settings are. "
                + "Set it in the environment or on the command line, and start the program anew.";
        }

        return setting.ProblemOf(value ?? "") is not { } problem ? null
            : setting.IsSecret ? $"{key}: {problem}."
            : $"{key} is '{value}'; {problem}.";
    }

    /// <summary>Makes all options of the settings that would hold, as the start does.</summary>
    private List<string> ProblemsOfAll(IReadOnlyDictionary<string, string?> values)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (_, provider) in Layers())
        {
            foreach (var (key, value) in provider == source ? values : ConfigurationLayers.Values(provider))
                all[key] = value;
        }

        var candidate = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var problems = FeatureSettings.ProblemsOf(candidate).ToList();
        IServiceCollection once = new ServiceCollection();
        foreach (var service in services)
            once.Add(service);
        once.AddSingleton<IConfiguration>(candidate);
        using var made = once.BuildServiceProvider();
        try
        {
            made.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception refusal) when (StartFailure.Describe(refusal, candidate) is { Count: > 0 } lines)
        {
            problems.AddRange(lines);
        }

        return problems;
    }

    private IEnumerable<LiveSettingsChange> Changes(IReadOnlyDictionary<string, string?> values)
    {
        var above = Layers().Reverse().TakeWhile(layer => layer.Provider != source).ToList();
        var below = Layers().TakeWhile(layer => layer.Provider != source).Reverse().ToList();
        foreach (var key in source.Values.Keys.Concat(values.Keys).Distinct(StringComparer.OrdinalIgnoreCase).Order())
        {
            var before = source.Values.GetValueOrDefault(key);
            var after = values.GetValueOrDefault(key);
            if (before == after)
                continue;
            var setting = SettingsCatalogue.Find(key)!;
            var otherwise = below.Select(layer => Value(layer.Provider, key)).FirstOrDefault(value => value is not null)
                ?? setting.Default;
            var winner = above.Find(layer => Value(layer.Provider, key) is not null);
            yield return new LiveSettingsChange(
                key,
                Shown(key, setting, before ?? otherwise),
                Shown(key, setting, after ?? otherwise),
                setting.Change == SettingChange.Live,
                winner.Provider is null ? null : ConfigurationLayers.Name(winner.Source));
        }
    }

    private IEnumerable<(IConfigurationSource? Source, IConfigurationProvider Provider)> Layers() =>
        ConfigurationLayers.Of(configuration);

    private static string? Value(IConfigurationProvider provider, string key) =>
        provider.TryGet(key, out var value) ? value : null;

    // Who is in a group is nobody's business who reads the log.
    private static string Shown(string key, Setting setting, string? value) => setting.IsSecret ? "(secret)"
        : value is null ? "nothing"
        : FeatureSettings.NamesUser(key) ? "(a user)"
        : $"'{value}'";
}

/// <summary>What the gate says of live settings.</summary>
/// <param name="Values">What would hold.</param>
/// <param name="PassedOver">Keys that no program reads, and that stood there from the start.</param>
/// <param name="Problems">Why they are refused; empty when they are not.</param>
/// <param name="Changes">What differs from what holds.</param>
internal sealed record LiveSettingsVerdict(
    IReadOnlyDictionary<string, string?> Values,
    IReadOnlyList<string> PassedOver,
    IReadOnlyList<string> Problems,
    IReadOnlyList<LiveSettingsChange> Changes);

/// <summary>One setting that changes.</summary>
/// <param name="Key">The key.</param>
/// <param name="Before">What held, in quotes; a secret is not shown.</param>
/// <param name="After">What would hold.</param>
/// <param name="IsLive">Whether it takes effect at once.</param>
/// <param name="OverriddenBy">The source that has the last word on this key instead; null when none has.</param>
internal sealed record LiveSettingsChange(
    string Key, string Before, string After, bool IsLive, string? OverriddenBy);

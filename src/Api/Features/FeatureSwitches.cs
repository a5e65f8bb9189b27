using System.Collections.Concurrent;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace IndiiMusic.Api.Features;

/// <summary>
/// Which features are on, and for whom. What is plainly on or off is known without a question; what is on for some only
/// is asked of Microsoft.FeatureManagement. A feature whose filter fails is off.
/// </summary>
internal sealed partial class FeatureSwitches : IDisposable
{
    private const int NamesKeptMax = 10_000;

    private static readonly Feature[] All = Enum.GetValues<Feature>();

    private readonly IFeatureManager _manager;
    private readonly IConfiguration _configuration;
    private readonly IGrainFactory _grains;
    private readonly ILogger<FeatureSwitches> _logger;
    private readonly IDisposable _changes;
    private readonly ConcurrentDictionary<Guid, string> _names = new();
    private volatile Settings _settings;

    public FeatureSwitches(
        IFeatureManager manager, IConfiguration configuration, IGrainFactory grains, ILogger<FeatureSwitches> logger)
    {
        (_manager, _configuration, _grains, _logger) = (manager, configuration, grains, logger);
        _settings = Read();
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, () => _settings = Read());
    }

    /// <summary>Whether a feature is on for a caller.</summary>
    /// <param name="feature">Which.</param>
    /// <param name="actor">Who asks. Whoever is not signed in has the share of their address.</param>
    /// <param name="context">Where an anonymous caller's address stands; null for none.</param>
    public ValueTask<bool> IsOnAsync(Feature feature, Actor actor, HttpContext? context = null)
    {
        var settings = _settings;
        return settings.States[(int)feature] switch
        {
            State.On => ValueTask.FromResult(true),
            State.Off => ValueTask.FromResult(false),
            _ => AskAsync(feature, actor, context, settings),
        };
    }

    /// <summary>Lets nobody through for whom a feature is off.</summary>
    /// <exception cref="IndiiException"><c>feature_disabled</c>.</exception>
    public async ValueTask RequireAsync(Feature feature, Actor actor, HttpContext? context = null)
    {
        if (!await IsOnAsync(feature, actor, context))
        {
            throw new IndiiException(
                ErrorCode.FeatureDisabled, $"The operator of this server has switched {feature} off for you.");
        }
    }

    public void Dispose() => _changes.Dispose();

    private async ValueTask<bool> AskAsync(Feature feature, Actor actor, HttpContext? context, Settings settings)
    {
        try
        {
            var target = new TargetingContext
            {
                UserId = actor.UserId?.ToString() ?? $"address {BucketKey.Of(context?.Connection.RemoteIpAddress)}",
                Groups = actor.UserId is { } userId ? await GroupsOfAsync(userId, settings) : [],
            };
            return await _manager.IsEnabledAsync<ITargetingContext>(feature.ToString(), target);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Once for each reading of the settings: a failing filter is asked again with every request.
            if (Interlocked.Exchange(ref settings.Said[(int)feature], 1) == 0)
                LogFilterFailed(feature, failure);
            return false;
        }
    }

    private async ValueTask<IReadOnlyList<string>> GroupsOfAsync(Guid userId, Settings settings)
    {
        if (settings.Groups.Count == 0)
            return [];
        var id = userId.ToString();
        var name = settings.HaveNames ? await NameOfAsync(userId) : null;
        return [.. settings.Groups
            .Where(group => group.Users.Contains(id) || (name is not null && group.Users.Contains(name)))
            .Select(group => group.Name)];
    }

    /// <summary>A username never changes, so it is asked for once.</summary>
    private async ValueTask<string?> NameOfAsync(Guid userId)
    {
        if (_names.TryGetValue(userId, out var known))
            return known;
        if (await _grains.GetGrain<IUserGrain>(userId).FindCard() is not { } card)
            return null;
        if (_names.Count >= NamesKeptMax)
            _names.Clear();
        return _names[userId] = card.Username;
    }

    private Settings Read()
    {
        var features = _configuration.GetSection(FeatureSettings.Section);
        var groups = _configuration.GetSection(FeatureSettings.GroupsSection).GetChildren()
            .Select(group => new Group(
                group.Key,
                group.GetChildren().Select(user => user.Value).OfType<string>()
                    .ToHashSet(StringComparer.OrdinalIgnoreCase)))
            .ToList();
        return new Settings(
            Array.ConvertAll(All, feature => StateOf(features.GetSection(feature.ToString()))),
            groups,
            groups.Any(group => group.Users.Any(user => !Guid.TryParse(user, out _))));
    }

    private static State StateOf(IConfigurationSection feature) =>
        !feature.Exists() ? State.On
        : bool.TryParse(feature.Value, out var isOn) ? (isOn ? State.On : State.Off)
        : State.Asked;

    private enum State
    {
        On,
        Off,
        Asked,
    }

    private sealed record Group(string Name, HashSet<string> Users);

    private sealed record Settings(State[] States, IReadOnlyList<Group> Groups, bool HaveNames)
    {
        public int[] Said { get; } = new int[States.Length];
    }
}

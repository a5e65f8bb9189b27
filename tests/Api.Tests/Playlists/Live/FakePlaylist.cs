using System.Collections.Immutable;
using System.Reflection;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;
using Orleans;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>
/// A playlist that loses notifications, forgets its observers and shuts users out when a test says so, which a real one
/// does only by accident. It only appends and removes.
/// </summary>
public sealed class FakePlaylist(Guid id)
{
    private readonly Lock _lock = new();
    private readonly List<PlaylistChange> _log = [];
    private readonly List<EntryView> _entries = [];
    private readonly HashSet<IPlaylistObserver> _observers = [];
    private readonly HashSet<Guid> _shutOut = [];
    private PlaylistVersions _versions = new(1, 1, 1);
    private int _lastEntryId;
    private bool _isDeleted;

    /// <summary>Whether a notification gets lost.</summary>
    public Func<PlaylistChanges, bool> Loses { get; set; } = _ => false;

    /// <summary>Waited for in each question about access and each catch-up.</summary>
    public Func<Task> Delay { get; set; } = () => Task.CompletedTask;

    /// <summary>How long subscriptions say that they hold.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How far back <see cref="IPlaylistGrain.CatchUp"/> reaches.</summary>
    public int ReachesBack { get; set; } = 1_000;

    /// <summary>Catch-ups asked for.</summary>
    public int CatchUps { get; private set; }

    public PlaylistVersions Versions
    {
        get
        {
            lock (_lock)
                return _versions;
        }
    }

    public IReadOnlyList<int> EntryIds
    {
        get
        {
            lock (_lock)
                return [.. _entries.Select(entry => entry.EntryId)];
        }
    }

    public int Observers
    {
        get
        {
            lock (_lock)
                return _observers.Count;
        }
    }

    public void ForgetObservers()
    {
        lock (_lock)
            _observers.Clear();
    }

    /// <summary>Appends in one batch, a version for each entry.</summary>
    public PlaylistVersions Append(int count = 1, string? operationId = null, Guid? trackId = null) => Commit(() =>
    {
        var changes = new List<PlaylistChange>();
        for (var i = 0; i < count; i++)
        {
            var entry = new EntryView(
                ++_lastEntryId, trackId ?? Guid.CreateVersion7(), Guid.Empty, DateTimeOffset.UnixEpoch);
            var after = _entries.Count == 0 ? PlaylistOperation.Start : _entries[^1].EntryId;
            _entries.Add(entry);
            changes.Add(new EntriesAddedChange(
                _versions.Version + 1 + i, DateTimeOffset.UnixEpoch, null, operationId, after, [entry]));
        }

        return changes;
    });

    /// <summary>Shuts a user out, with the change that says so.</summary>
    public PlaylistVersions ShutOut(Guid userId) => Commit(() =>
    {
        _shutOut.Add(userId);
        return [new CollaboratorChangedChange(
            _versions.Version + 1, DateTimeOffset.UnixEpoch, null, null, userId, null)];
    });

    public PlaylistVersions MakePrivate(params Guid[] shutOut) => Commit(() =>
    {
        _shutOut.UnionWith(shutOut);
        return [new DetailsChangedChange(
            _versions.Version + 1,
            DateTimeOffset.UnixEpoch,
            null,
            null,
            new SetDetails(Visibility: PlaylistVisibility.Private))];
    });

    public PlaylistVersions Delete() => Commit(() =>
    {
        _isDeleted = true;
        return [new DeletedChange(_versions.Version + 1, DateTimeOffset.UnixEpoch, null, null)];
    });

    public IPlaylistGrain AsGrain() => Fake.Of<IPlaylistGrain>((method, arguments) => method switch
    {
        nameof(IPlaylistGrain.GetVersions) => GetVersionsAsync((Actor)arguments[0]!),
        nameof(IPlaylistGrain.CatchUp) => CatchUpAsync((Actor)arguments[0]!, (long?)arguments[1]),
        nameof(IPlaylistGrain.Subscribe) => Task.FromResult(Subscribe((IPlaylistObserver)arguments[0]!)),
        nameof(IPlaylistGrain.Unsubscribe) => Unsubscribe((IPlaylistObserver)arguments[0]!),
        nameof(IPlaylistGrain.Execute) => Task.FromResult(Execute((PlaylistCommand)arguments[1]!)),
        _ => throw new NotSupportedException(method),
    });

    private PlaylistVersions Commit(Func<IReadOnlyList<PlaylistChange>> decide)
    {
        lock (_lock)
        {
            var made = decide();
            _log.AddRange(made);
            var version = made[^1].Version;
            _versions = made[^1] is EntriesAddedChange
                ? _versions with { Version = version, ContentVersion = version }
                : _versions with { Version = version };
            var changes = new PlaylistChanges(id, _versions, [.. made]);
            if (!Loses(changes))
            {
                foreach (var observer in _observers)
                    _ = observer.Changed(changes);
            }

            return _versions;
        }
    }

    private CommandResult Execute(PlaylistCommand command)
    {
        var count = command.Operations.OfType<AppendTracks>().Sum(append => append.TrackIds.Length);
        return new CommandResult(Append(count, command.OperationId), []);
    }

    private ObserverLease Subscribe(IPlaylistObserver observer)
    {
        lock (_lock)
        {
            _observers.Add(observer);
            return new ObserverLease(_versions, Lifetime);
        }
    }

    private Task Unsubscribe(IPlaylistObserver observer)
    {
        lock (_lock)
            _observers.Remove(observer);
        return Task.CompletedTask;
    }

    private async Task<PlaylistVersions> GetVersionsAsync(Actor actor)
    {
        await Delay();
        RequireAccess(actor);
        return Versions;
    }

    private async Task<CatchUp> CatchUpAsync(Actor actor, long? since)
    {
        await Delay();
        RequireAccess(actor);
        lock (_lock)
        {
            CatchUps++;
            return since >= 1 && since <= _versions.Version && _versions.Version - since <= ReachesBack
                ? new CatchUp(
                    new PlaylistChanges(id, _versions, [.. _log.Where(change => change.Version > since)]), null)
                : new CatchUp(null, new PlaylistSnapshot(
                    new PlaylistView(
                        id, "A list", "", PlaylistVisibility.Public, DuplicatePolicy.Allow, Guid.Empty,
                        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, _entries.Count, _versions,
                        PlaylistRole.Editor, PlaylistCapabilities.Read, null),
                    new EntriesPage([.. _entries], null, _entries.Count, _versions)));
        }
    }

    private void RequireAccess(Actor actor)
    {
        lock (_lock)
        {
            if (_isDeleted || _shutOut.Contains(actor.RequireUser()))
                throw IndiiException.NotFound("playlist");
        }
    }
}

/// <summary>The grains that live editing asks, with no cluster behind them.</summary>
public sealed class FakeGrains
{
    private readonly Dictionary<Guid, FakePlaylist> _playlists = [];

    /// <summary>The cards of tracks.</summary>
    public Dictionary<Guid, TrackCard> Cards { get; } = [];

    public FakePlaylist Playlist(Guid id)
    {
        lock (_playlists)
            return _playlists.TryGetValue(id, out var known) ? known : _playlists[id] = new FakePlaylist(id);
    }

    public IGrainFactory AsFactory() => Fake.Of<IGrainFactory>((method, arguments, type) => method switch
    {
        nameof(IGrainFactory.GetGrain) when type == typeof(IPlaylistGrain) => Playlist((Guid)arguments[0]!).AsGrain(),
        nameof(IGrainFactory.GetGrain) when type == typeof(IUserGrain) => Fake.Of<IUserGrain>((_, _) =>
            Task.FromResult<UserCard?>(new UserCard((Guid)arguments[0]!, "somebody", "Some Body"))),
        nameof(IGrainFactory.GetGrain) when type == typeof(ICatalogGrain) => Fake.Of<ICatalogGrain>((_, asked) =>
            Task.FromResult(((ImmutableArray<Guid>)asked[0]!).Where(Cards.ContainsKey)
                .Select(trackId => Cards[trackId]).ToImmutableArray())),
        nameof(IGrainFactory.CreateObjectReference) => arguments[0],
        nameof(IGrainFactory.DeleteObjectReference) => null,
        _ => throw new NotSupportedException($"{method} of {type}"),
    });
}

/// <summary>Stands in for an interface of which few methods are ever called.</summary>
public class Fake : DispatchProxy
{
    private Func<string, object?[], Type?, object?> _answer = null!;

    public static T Of<T>(Func<string, object?[], object?> answer)
        where T : class => Of<T>((method, arguments, _) => answer(method, arguments));

    public static T Of<T>(Func<string, object?[], Type?, object?> answer)
        where T : class
    {
        var proxy = Create<T, Fake>();
        ((Fake)(object)proxy)._answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _answer(targetMethod!.Name, args ?? [], targetMethod.GetGenericArguments().FirstOrDefault());
}

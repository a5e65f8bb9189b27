using System.Collections.Immutable;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>
/// A playlist without a grain: decides, keeps every command as it would be stored, and holds after each command that
/// state, replay, snapshot and a client that was told of the changes all agree.
/// </summary>
internal sealed class PlaylistHarness
{
    public static readonly Guid Owner = new("00000000-0000-0000-0000-000000000001");

    private readonly List<CommittedCommand> _log = [];
    private readonly ClientModel _client = new();
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public PlaylistHarness(int tracks = 0, DuplicatePolicy duplicates = DuplicatePolicy.Allow)
    {
        var create = new CreatePlaylist(
            "Test", null, PlaylistVisibility.Private, duplicates, [.. Enumerable.Range(1, tracks).Select(TrackId)]);
        Commit(Actor.User(Owner), PlaylistDecisions.Create(State, Actor.User(Owner), create, null, _now));
    }

    public PlaylistState State { get; private set; } = PlaylistState.None;

    public IReadOnlyList<CommittedCommand> Log => _log;

    public DateTimeOffset Now => _now;

    public IEnumerable<int> EntryIds => State.Entries.After(EntryList.Start).Select(entry => entry.EntryId);

    public IEnumerable<Guid> Tracks => State.Entries.After(EntryList.Start).Select(entry => entry.TrackId);

    public static Guid TrackId(int number) => new(number, 0, 0, new byte[8]);

    public static Actor User(int number) => Actor.User(new Guid(number, 1, 0, new byte[8]));

    public void Join(Actor user, PlaylistRole role) => Commit(
        Actor.User(Owner),
        PlaylistAdmission.SetCollaborator(State, Actor.User(Owner), user.RequireUser(), role, Tick()));

    public Decision Execute(Actor actor, params ImmutableArray<PlaylistOperation> operations) => Commit(
        actor, PlaylistDecisions.Execute(State, actor, new PlaylistCommand("operation", operations), Tick()));

    public Decision Replace(Actor actor, long baseVersion, params ImmutableArray<Guid> tracks) => Commit(
        actor,
        PlaylistMerge.Replace(State, StateAt(baseVersion), actor, new ReplaceEntries("operation", tracks, baseVersion), Tick()));

    public Decision RevertTo(Actor actor, long version) =>
        Commit(actor, PlaylistMerge.RevertTo(State, StateAt(version), actor, Tick()));

    public Decision Undo(Actor actor, CommittedCommand target) => Commit(actor, PlaylistRestore.TakeBack(
        State, StateAt(target.FirstVersion - 1), [.. Past(target)], new Dictionary<int, int>(), actor, Tick()));

    public Decision RevertUser(Actor actor, Actor vandal, DateTimeOffset since)
    {
        var theirs = _log.Where(command => command.Record.At >= since && command.Record.By == vandal.UserId).ToList();
        return Commit(actor, PlaylistRestore.TakeBack(
            State, StateAt(theirs[0].FirstVersion - 1), [.. theirs.SelectMany(Past)], new Dictionary<int, int>(), actor, Tick()));
    }

    public PlaylistState StateAt(long version)
    {
        var state = PlaylistState.None;
        foreach (var command in _log)
        {
            foreach (var happened in command.Record.Events)
            {
                if (state.Version == version)
                {
                    return state;
                }

                state = state.Apply(happened, command.Record.Context);
            }
        }

        return state;
    }

    public Decision Commit(Actor actor, Decision decision)
    {
        if (decision.Events.IsEmpty)
        {
            return decision;
        }

        var record = new PlaylistCommandRecord(
            $"operation-{_log.Count}", actor.UserId, null, _now, decision.Events,
            decision.After.ContentVersion, decision.After.DetailsVersion,
            [.. decision.Results.Select(OperationResultDocument.From)]);
        var body = PlaylistDocuments.WriteBatch([record]);
        var batch = new EventBatch("playlist/x", State.Version + 1, decision.Events.Length, _now, body);
        var stored = Assert.Single(PlaylistDocuments.ReadBatch(batch));
        _log.Add(stored);
        foreach (var change in PlaylistChangesMapping.ChangesOf(Guid.Empty, [stored]).Changes)
        {
            _client.Apply(change);
        }

        // What is stored, and read again, leads to the same state as what was decided.
        State = stored.ApplyTo(State);
        AssertSame(decision.After, State);
        Assert.Equal(EntryIds, _client.EntryIds);
        Assert.Equal(State.Version, _client.Version);
        return decision;
    }

    public void AssertSnapshotHolds()
    {
        var (state, _) = PlaylistSnapshots.Read(PlaylistSnapshots.Write("playlist/x", State, []));
        AssertSame(State, state);
    }

    public static void AssertSame(PlaylistState expected, PlaylistState actual)
    {
        Assert.Equal(expected.Versions, actual.Versions);
        Assert.Equal(expected.Details, actual.Details);
        Assert.Equal(expected.Entries.NextEntryId, actual.Entries.NextEntryId);
        Assert.Equal(Describe(expected), Describe(actual));
        Assert.Equal(expected.Collaborators.Values.OrderBy(c => c.User), actual.Collaborators.Values.OrderBy(c => c.User));
        Assert.Equal(expected.TrackCounts?.OrderBy(pair => pair.Key), actual.TrackCounts?.OrderBy(pair => pair.Key));
        AssertWellFormed(actual.Entries);
    }

    public DateTimeOffset Tick() => _now = _now.AddSeconds(1);

    private static IEnumerable<(EntryView, long, long)> Describe(PlaylistState state) =>
        state.Entries.Places().Select(place => (place.Entry, place.PlacedVersion, place.RemovedVersion));

    private static void AssertWellFormed(EntryList entries)
    {
        var places = entries.Places().ToList();
        var present = places.Where(place => !place.IsRemoved).Select(place => place.Entry.EntryId).ToList();
        Assert.Equal(present, entries.After(EntryList.Start).Select(entry => entry.EntryId));
        Assert.Equal(present.Count, entries.Count);
        Assert.Equal(places.Count - present.Count, entries.RemovedCount);
        Assert.Equal(places.Select(place => place.Entry.EntryId).Distinct().Count(), places.Count);
        Assert.Equal(present.LastOrDefault(), entries.LastPresent);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.First.Label < pair.Second.Label));
    }

    private static IEnumerable<PastEvent> Past(CommittedCommand command) =>
        command.Record.Events.Select((happened, index) => new PastEvent(command.FirstVersion + index, happened));
}

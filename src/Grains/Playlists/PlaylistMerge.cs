using System.Collections.Immutable;
using System.Runtime.InteropServices;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// Rules that bring a whole list into another shape: the three-way merge of a list that a client sends, and the return
/// to an earlier version. Both keep what can stay, and move the fewest entries that explain the new order.
/// </summary>
internal static class PlaylistMerge
{
    /// <summary>
    /// Merges a client's whole list. What it left out of its base is removed, what it added is added, what it reordered
    /// is moved; entries that others added since stay, entries that others removed stay removed.
    /// </summary>
    /// <param name="state">The playlist as it is.</param>
    /// <param name="basis">The playlist as the client last read it.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="command">The list that the client wants.</param>
    /// <param name="now">The time.</param>
    public static Decision Replace(
        PlaylistState state, PlaylistState basis, Actor actor, ReplaceEntries command, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.EditOwnEntries);
        PlaylistDecisions.RequireVersions(state, command.IfContentVersion, ifDetailsVersion: null);
        if (command.TrackIds.Length > PlaylistLimits.EntriesMax)
        {
            throw PlaylistDecisions.Limit(PlaylistLimits.EntriesMax, "entries in a playlist");
        }

        var draft = new PlaylistDraft(state, actor, now);
        var wanted = Match(basis.Entries, command.TrackIds, out var leftOut);
        var removed = RemovePresent(draft, leftOut, checkOwner: true);
        var added = wanted.Where(static item => item.EntryId is null)
            .Select(static item => item.Track)
            .ToImmutableArray();
        PlaylistDecisions.RequireRoom(draft, added.Length);
        var duplicates = PlaylistDecisions.RequireNoDuplicates(draft, added);
        var walk = new MergeWalk(draft);
        foreach (var item in CollectionsMarshal.AsSpan(wanted))
        {
            walk.Next(item);
        }

        walk.Finish();
        return draft.Finish(
            Result(removed, []),
            Result(walk.Moved.ToImmutable(), []),
            Result(walk.Added.ToImmutable(), duplicates));
    }

    /// <summary>Brings back the entries, the name and the description of an earlier version, by new events.</summary>
    public static Decision RevertTo(PlaylistState state, PlaylistState target, Actor actor, DateTimeOffset now)
    {
        PlaylistAccess.Require(state, actor, PlaylistCapabilities.Revert);
        var draft = new PlaylistDraft(state, actor, now);
        var surplus = state.Entries.After(EntryList.Start)
            .Select(static entry => entry.EntryId)
            .Where(id => target.Entries.FindPresent(id) is null);
        var removed = RemovePresent(draft, surplus, checkOwner: false);
        var wanted = target.Entries.After(EntryList.Start).ToImmutableArray();
        var missing = wanted.Where(entry => state.Entries.FindPresent(entry.EntryId) is null).ToImmutableArray();
        PlaylistDecisions.RequireRoom(draft, missing.Length);
        var restored = PlaylistRestore.Restore(draft, target.Entries, missing);
        var labels = wanted.Select(entry => draft.Entries.FindPresent(entry.EntryId)!.Label).ToArray();
        var stays = ListOrder.Stays(labels);
        var walk = new MergeWalk(draft);
        for (var i = 0; i < wanted.Length; i++)
        {
            walk.Next(new WantedItem(wanted[i].TrackId, wanted[i].EntryId, stays[i]));
        }

        walk.Finish();
        var (name, description) = (target.Details.Name, target.Details.Description);
        if (name != state.Details.Name || description != state.Details.Description)
        {
            draft.Add(new DetailsChanged(name, description, Visibility: null, Duplicates: null));
        }

        return draft.Finish(Result(removed, []), Result(restored, []), Result(walk.Moved.ToImmutable(), []));
    }

    private static OperationResult Result(ImmutableArray<int> entryIds, ImmutableArray<Guid> duplicates) => new(
        entryIds.Length == 0 ? OperationOutcome.Noop : OperationOutcome.Applied,
        entryIds, [], DuplicateTrackIds: duplicates);

    // The k-th occurrence of a track in the client's list is its k-th occurrence in the base; what matches nothing is
    // new, what is matched by nothing was left out.
    private static List<WantedItem> Match(EntryList basis, ImmutableArray<Guid> tracks, out List<int> leftOut)
    {
        var byTrack = new Dictionary<Guid, Queue<(int EntryId, long Label)>>();
        foreach (var entry in basis.After(EntryList.Start))
        {
            ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(byTrack, entry.TrackId, out _);
            (queue ??= new()).Enqueue((entry.EntryId, basis.Find(entry.EntryId)!.Label));
        }

        var matched = new List<(Guid Track, int? EntryId)>(tracks.Length);
        var labels = new List<long>(tracks.Length);
        foreach (var track in tracks)
        {
            if (byTrack.TryGetValue(track, out var queue) && queue.TryDequeue(out var found))
            {
                matched.Add((track, found.EntryId));
                labels.Add(found.Label);
            }
            else
            {
                matched.Add((track, null));
            }
        }

        leftOut = byTrack.Values.SelectMany(static queue => queue).Select(static left => left.EntryId).ToList();
        var stays = ListOrder.Stays(CollectionsMarshal.AsSpan(labels));
        var wanted = new List<WantedItem>(tracks.Length);
        var at = 0;
        foreach (var (track, entryId) in matched)
        {
            wanted.Add(new WantedItem(track, entryId, Stays: entryId is not null && stays[at++]));
        }

        return wanted;
    }

    private static ImmutableArray<int> RemovePresent(PlaylistDraft draft, IEnumerable<int> entryIds, bool checkOwner)
    {
        var present = entryIds.Select(draft.Entries.FindPresent).OfType<EntryNode>().ToList();
        if (checkOwner)
        {
            PlaylistDecisions.RequireMayChange(draft, present);
        }

        var removed = present.Select(static node => node.Entry.EntryId).ToImmutableArray();
        foreach (var chunk in removed.Chunk(PlaylistDraft.ItemsPerEventMax))
        {
            draft.Add(new EntriesRemoved([.. chunk]));
        }

        return removed;
    }
}

/// <summary>One item of the list that is wanted.</summary>
/// <param name="Track">Its track.</param>
/// <param name="EntryId">The entry that it is; null for a new one.</param>
/// <param name="Stays">Whether that entry need not move.</param>
internal readonly record struct WantedItem(Guid Track, int? EntryId, bool Stays);

/// <summary>
/// Walks through a wanted list and turns it into additions and moves, each after the item before it; neighbours that
/// need the same go together in one event.
/// </summary>
internal sealed class MergeWalk(PlaylistDraft draft)
{
    private readonly List<Guid> _adding = [];
    private readonly List<int> _moving = [];
    private int _runAfter;
    private int _previous = EntryList.Start;

    public ImmutableArray<int>.Builder Added { get; } = ImmutableArray.CreateBuilder<int>();

    public ImmutableArray<int>.Builder Moved { get; } = ImmutableArray.CreateBuilder<int>();

    public void Next(WantedItem item)
    {
        if (item.EntryId is not { } entryId)
        {
            Begin(_adding.Count == 0);
            _adding.Add(item.Track);
            _previous = draft.Entries.NextEntryId + _adding.Count - 1;
        }
        else if (draft.Entries.Find(entryId) is { } node)
        {
            if (item.Stays || node.IsRemoved)
            {
                Finish();
                _previous = item.Stays ? entryId : _previous;
            }
            else
            {
                Begin(_moving.Count == 0);
                _moving.Add(entryId);
                _previous = entryId;
            }
        }
    }

    public void Finish()
    {
        if (_adding.Count > 0)
        {
            PlaylistAccess.Require(draft.State, draft.Actor, PlaylistCapabilities.Add);
            Added.AddRange(draft.AddEntries(
                CollectionsMarshal.AsSpan(_adding), Placement.Behind(draft.Entries, _runAfter), draft.User));
            _adding.Clear();
        }

        if (_moving.Count > 0)
        {
            PlaylistDecisions.RequireMayChange(draft, _moving.Select(id => draft.Entries.Find(id)!));
            foreach (var chunk in _moving.Chunk(PlaylistDraft.ItemsPerEventMax))
            {
                var placement = Placement.Behind(draft.Entries, _runAfter);
                if (PlaylistDecisions.MoveTo(draft, [.. chunk], placement))
                {
                    Moved.AddRange(chunk);
                }

                _runAfter = chunk[^1];
            }

            _moving.Clear();
        }
    }

    private void Begin(bool isNewRun)
    {
        if (isNewRun)
        {
            Finish();
            _runAfter = _previous;
        }
    }
}

using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// Rules that take back what was done: one operation, or all that one user did. What others did stays: an entry that
/// somebody moved, removed or brought back later is left as it is.
/// </summary>
internal static class PlaylistRestore
{
    /// <summary>Takes back events.</summary>
    /// <param name="state">The playlist as it is.</param>
    /// <param name="before">The playlist right before the first of the events.</param>
    /// <param name="happened">The events to take back, in order.</param>
    /// <param name="others">Where others placed entries between the events, newest wins.</param>
    /// <param name="actor">Who asks; whether that is allowed is asked by the caller.</param>
    /// <param name="now">The time.</param>
    public static Decision TakeBack(
        PlaylistState state,
        PlaylistState before,
        IReadOnlyList<PastEvent> happened,
        IReadOnlyDictionary<int, int> others,
        Actor actor,
        DateTimeOffset now)
    {
        var effect = PastEffect.Of(happened);
        var draft = new PlaylistDraft(state, actor, now);
        var removed = RemoveAdded(draft, before.Entries, effect);
        var gone = effect.Removed
            .Where(id => !effect.Added.Contains(id) || before.Entries.FindPresent(id) is not null)
            .Where(id => state.Entries.Find(id) is not { } node || effect.RemovalVersions.Contains(node.RemovedVersion))
            .Select(id => state.Entries.Find(id)?.Entry ?? before.Entries.Find(id)?.Entry)
            .OfType<EntryView>()
            .ToImmutableArray();
        PlaylistDecisions.RequireRoom(draft, gone.Length);
        var restored = Restore(draft, before.Entries, gone);
        var moved = MoveBack(draft, before.Entries, effect, others);
        RevertDetails(draft, before.Details, effect);
        foreach (var suggestion in effect.Suggestions.Where(state.Suggestions.ContainsKey))
        {
            draft.Add(new SuggestionResolved(suggestion, Approved: false));
        }

        ImmutableArray<int> affected = [.. removed, .. restored, .. moved];
        var left = effect.Touched.Except(affected).Order().ToImmutableArray();
        var outcome = ReferenceEquals(draft.State, state) ? OperationOutcome.Noop : OperationOutcome.Applied;
        return draft.Finish(new OperationResult(outcome, affected, left, DuplicateTrackIds: []));
    }

    /// <summary>
    /// Brings removed entries back: to their own places where those are still known, else after the nearest entry that
    /// stood before them in an older list.
    /// </summary>
    public static ImmutableArray<int> Restore(PlaylistDraft draft, EntryList older, ImmutableArray<EntryView> entries)
    {
        var known = entries.Where(entry => draft.Entries.Find(entry.EntryId) is not null)
            .OrderBy(entry => draft.Entries.Find(entry.EntryId)!.Label)
            .ToImmutableArray();
        var forgotten = entries.Where(entry => draft.Entries.Find(entry.EntryId) is null)
            .OrderBy(entry => older.Find(entry.EntryId)?.Label)
            .ToImmutableArray();
        foreach (var chunk in known.Chunk(PlaylistDraft.ItemsPerEventMax))
        {
            AddRestored(draft, chunk, entry => (draft.Entries.PresentAtOrBefore(entry.EntryId), true));
        }

        foreach (var chunk in forgotten.Chunk(PlaylistDraft.ItemsPerEventMax))
        {
            AddRestored(draft, chunk, entry => (
                NearestBefore(older, entry.EntryId, id => draft.Entries.FindPresent(id) is not null), false));
        }

        return [.. known.Concat(forgotten).Select(static entry => entry.EntryId)];
    }

    private static void AddRestored(
        PlaylistDraft draft, EntryView[] entries, Func<EntryView, (int After, bool InPlace)> place)
    {
        // Entries that come back side by side follow one another: an entry's neighbour may be in this very event.
        var restored = ImmutableArray.CreateBuilder<RestoredEntry>(entries.Length);
        var last = new Dictionary<int, int>();
        foreach (var entry in entries)
        {
            var (after, inPlace) = place(entry);
            restored.Add(new RestoredEntry(
                entry.EntryId, entry.TrackId, entry.AddedBy, entry.AddedAt,
                last.GetValueOrDefault(after, after), inPlace));
            last[after] = entry.EntryId;
        }

        draft.Add(new EntriesRestored(restored.MoveToImmutable()));
    }

    private static ImmutableArray<int> RemoveAdded(PlaylistDraft draft, EntryList before, PastEffect effect)
    {
        var removed = effect.Added
            .Where(id => before.FindPresent(id) is null && draft.Entries.FindPresent(id) is not null)
            .Order()
            .ToImmutableArray();
        foreach (var chunk in removed.Chunk(PlaylistDraft.ItemsPerEventMax))
        {
            draft.Add(new EntriesRemoved([.. chunk]));
        }

        return removed;
    }

    private static ImmutableArray<int> MoveBack(
        PlaylistDraft draft, EntryList before, PastEffect effect, IReadOnlyDictionary<int, int> others)
    {
        var displaced = effect.Moved
            .Where(id => draft.Entries.FindPresent(id) is { } node && effect.MoveVersions.Contains(node.PlacedVersion))
            .ToHashSet();
        var back = ImmutableArray.CreateBuilder<int>();
        foreach (var entryId in displaced.OrderBy(id => before.Find(id)?.Label ?? long.MaxValue))
        {
            Placement placement;
            long placed;
            if (before.FindPresent(entryId) is { } origin)
            {
                var at = NearestBefore(before, entryId, id => StoodFirm(draft.Entries, before, id, displaced));
                (placement, placed) = (Placement.Behind(draft.Entries, at), origin.PlacedVersion);
            }
            else if (others.TryGetValue(entryId, out var after) && draft.Entries.EverHeld(after))
            {
                (placement, placed) = (Placement.Behind(draft.Entries, after), draft.State.Version + 1);
            }
            else
            {
                continue;
            }

            // Also where nothing seems to move: the entry has to count as placed by the earlier version again, and to
            // stand on the right side of removed places that may come back.
            var presentBefore = placement.After == entryId ? draft.Entries.PresentBefore(entryId) : placement.After;
            draft.Add(new EntriesMoved(
                [entryId], presentBefore, placement.Place == presentBefore ? null : placement.Place, [placed]));
            back.Add(entryId);
        }

        return back.ToImmutable();
    }

    // An entry is a landmark when it still stands where it stood, present or removed, or is about to or did move back.
    private static bool StoodFirm(EntryList now, EntryList before, int entryId, HashSet<int> displaced) =>
        now.Find(entryId) is { } node
        && (displaced.Contains(entryId) || node.PlacedVersion == before.Find(entryId)!.PlacedVersion);

    private static int NearestBefore(EntryList older, int entryId, Func<int, bool> isLandmark)
    {
        var at = older.Find(entryId)?.Previous ?? EntryList.Start;
        while (at != EntryList.Start && !isLandmark(at))
        {
            at = older.Find(at)!.Previous;
        }

        return at;
    }

    private static void RevertDetails(PlaylistDraft draft, PlaylistDetails before, PastEffect effect)
    {
        var (now, set) = (draft.State.Details, effect.Details);
        var changed = new DetailsChanged(
            set.Name is not null && now.Name == set.Name && now.Name != before.Name ? before.Name : null,
            set.Description is not null && now.Description == set.Description && now.Description != before.Description
                ? before.Description : null,
            set.Visibility is not null && now.Visibility == set.Visibility && now.Visibility != before.Visibility
                ? before.Visibility : null,
            set.Duplicates is not null && now.Duplicates == set.Duplicates && now.Duplicates != before.Duplicates
                ? before.Duplicates : null);
        if (changed is not { Name: null, Description: null, Visibility: null, Duplicates: null })
        {
            draft.Add(changed);
        }
    }
}

/// <summary>An event of the past and the version that it made.</summary>
internal readonly record struct PastEvent(long Version, PlaylistEvent Happened);

/// <summary>What a number of events did, taken together.</summary>
internal sealed class PastEffect
{
    public HashSet<int> Added { get; } = [];

    public HashSet<int> Removed { get; } = [];

    public HashSet<int> Moved { get; } = [];

    public HashSet<int> Suggestions { get; } = [];

    public HashSet<long> RemovalVersions { get; } = [];

    public HashSet<long> MoveVersions { get; } = [];

    public DetailsChanged Details { get; private set; } = new(null, null, null, null);

    public IEnumerable<int> Touched => Added.Union(Removed).Union(Moved);

    public static PastEffect Of(IReadOnlyList<PastEvent> happened)
    {
        var effect = new PastEffect();
        foreach (var past in happened)
        {
            effect.Take(past);
        }

        return effect;
    }

    private void Take(PastEvent past)
    {
        switch (past.Happened)
        {
            case EntriesAdded added:
                Added.UnionWith(Enumerable.Range(added.First, added.Tracks.Length));
                break;
            case EntriesRestored restored:
                Added.UnionWith(restored.Entries.Select(static entry => entry.Id));
                break;
            case EntriesRemoved removed:
                Removed.UnionWith(removed.Entries);
                RemovalVersions.Add(past.Version);
                break;
            case EntriesMoved moved:
                Moved.UnionWith(moved.Entries);
                MoveVersions.Add(past.Version);
                MoveVersions.UnionWith(moved.Placed ?? []);
                break;
            case DetailsChanged changed:
                Details = new DetailsChanged(
                    changed.Name ?? Details.Name,
                    changed.Description ?? Details.Description,
                    changed.Visibility ?? Details.Visibility,
                    changed.Duplicates ?? Details.Duplicates);
                break;
            case SuggestionMade made:
                Suggestions.Add(made.Id);
                break;
            default:
                break;
        }
    }
}

using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>Tells how two versions of a playlist differ.</summary>
internal static class PlaylistComparison
{
    /// <summary>The fewest additions, removals and moves that lead from one version to the other.</summary>
    public static PlaylistDiff Diff(PlaylistState from, PlaylistState to)
    {
        var added = new List<PlacedEntry>();
        var kept = new List<PlacedEntry>();
        var previous = EntryList.Start;
        foreach (var entry in to.Entries.After(EntryList.Start))
        {
            (from.Entries.FindPresent(entry.EntryId) is null ? added : kept).Add(new PlacedEntry(entry, previous));
            previous = entry.EntryId;
        }

        var removed = from.Entries.After(EntryList.Start)
            .Where(entry => to.Entries.FindPresent(entry.EntryId) is null)
            .ToList();
        var stays = ListOrder.Stays([.. kept.Select(placed => from.Entries.Find(placed.Entry.EntryId)!.Label)]);
        var moved = kept.Where((_, index) => !stays[index]).ToList();
        return new PlaylistDiff(
            from.Version,
            to.Version,
            [.. added.Take(PageLimits.Max)],
            [.. removed.Take(PageLimits.Max)],
            [.. moved.Take(PageLimits.Max)],
            DetailsDiff(from.Details, to.Details),
            Truncated: Math.Max(added.Count, Math.Max(removed.Count, moved.Count)) > PageLimits.Max);
    }

    private static SetDetails? DetailsDiff(PlaylistDetails from, PlaylistDetails to)
    {
        var changed = new SetDetails(
            from.Name == to.Name ? null : to.Name,
            from.Description == to.Description ? null : to.Description,
            from.Visibility == to.Visibility ? null : to.Visibility,
            from.Duplicates == to.Duplicates ? null : to.Duplicates);
        return changed is { Name: null, Description: null, Visibility: null, Duplicates: null } ? null : changed;
    }
}

using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Playlists;
using Orleans.Streams;

namespace IndiiMusic.Grains.Playlists;

/// <summary>One message of a playlist's stream.</summary>
/// <param name="Changes">What happened, in order.</param>
/// <param name="Batches">
/// The first versions of the batches that this message completes and that leave the outbox when it was handled; none
/// where the stream keeps what it accepted. <see cref="PlaylistOutbox"/> has the rule.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("indii.playlists.published-changes")]
internal sealed record PublishedChanges(
    [property: Id(0)] PlaylistChanges Changes,
    [property: Id(1)] ImmutableArray<long> Batches);

/// <summary>
/// Cuts what is published into messages that every stream can carry: the one in process takes at most 1 MB, and no
/// broker likes more. A change of very many entries becomes several of the same version, to be applied in order.
/// </summary>
internal static class PlaylistStreamMessages
{
    /// <summary>Items in a message, about 100 bytes each.</summary>
    public const int ItemsMax = 5_000;

    private const int ItemsPerChange = 4;
    private const int CharactersPerItem = 25;

    /// <summary>Puts batches into their playlist's stream, the last message naming them if it is to.</summary>
    public static async Task PublishAsync(
        IAsyncStream<PublishedChanges> followers,
        Guid playlistId,
        IReadOnlyCollection<CommittedBatch> batches,
        bool nameBatches)
    {
        var all = PlaylistChangesMapping.ChangesOf(playlistId, [.. batches.SelectMany(static batch => batch.Commands)]);
        var messages = Of(all).ToArray();
        for (var i = 0; i < messages.Length; i++)
        {
            var isLast = i == messages.Length - 1;
            await followers.OnNextAsync(new PublishedChanges(
                messages[i],
                isLast && nameBatches ? [.. batches.Select(static batch => batch.FirstVersion)] : []));
        }
    }

    /// <summary>The messages, in order; just one for all but very large batches.</summary>
    public static IEnumerable<PlaylistChanges> Of(PlaylistChanges all)
    {
        var changes = ImmutableArray.CreateBuilder<PlaylistChange>(all.Changes.Length);
        var items = 0;
        foreach (var change in all.Changes.SelectMany(PiecesOf))
        {
            var own = ItemsOf(change);
            if (items + own > ItemsMax && changes.Count > 0)
            {
                yield return all with { Changes = changes.DrainToImmutable() };
                items = 0;
            }

            changes.Add(change);
            items += own;
        }

        yield return all with { Changes = changes.DrainToImmutable() };
    }

    /// <summary>How much of a message a change takes.</summary>
    public static int ItemsOf(PlaylistChange change) => ItemsPerChange + change switch
    {
        EntriesAddedChange added => added.Entries.Length,
        EntriesMovedChange moved => moved.EntryIds.Length,
        EntriesRemovedChange removed => removed.EntryIds.Length,
        EntriesRestoredChange restored => restored.Entries.Length,
        CreatedChange created => ItemsOf(created.Details),
        DetailsChangedChange changed => ItemsOf(changed.Details),
        _ => 0,
    };

    private static int ItemsOf(SetDetails details) =>
        ((details.Name?.Length ?? 0) + (details.Description?.Length ?? 0)) / CharactersPerItem;

    private static IEnumerable<PlaylistChange> PiecesOf(PlaylistChange change)
    {
        if (ItemsOf(change) <= ItemsMax)
        {
            return [change];
        }

        return change switch
        {
            EntriesAddedChange added => PiecesOf(
                added.Entries, added.After, static entry => entry.EntryId,
                (entries, after) => added with { Entries = entries, After = after }),
            EntriesMovedChange moved => PiecesOf(
                moved.EntryIds, moved.After, static entryId => entryId,
                (entryIds, after) => moved with { EntryIds = entryIds, After = after }),
            EntriesRemovedChange removed => PiecesOf(
                removed.EntryIds, PlaylistOperation.Start, static entryId => entryId,
                (entryIds, _) => removed with { EntryIds = entryIds }),
            EntriesRestoredChange restored => PiecesOf(
                restored.Entries, PlaylistOperation.Start, static placed => placed.Entry.EntryId,
                (entries, _) => restored with { Entries = entries }),
            _ => [change],
        };
    }

    // Each piece stands after the last entry of the one before it.
    private static IEnumerable<PlaylistChange> PiecesOf<T>(
        ImmutableArray<T> items,
        int after,
        Func<T, int> entryIdOf,
        Func<ImmutableArray<T>, int, PlaylistChange> pieceOf)
    {
        const int size = ItemsMax - ItemsPerChange;
        for (var start = 0; start < items.Length; start += size)
        {
            var piece = items.Slice(start, Math.Min(size, items.Length - start));
            yield return pieceOf(piece, after);
            after = entryIdOf(piece[^1]);
        }
    }
}

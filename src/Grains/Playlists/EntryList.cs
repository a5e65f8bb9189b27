using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>
/// The entries of a playlist in order, immutable. Removed entries keep their place for a while, so that an anchor that
/// was removed still says where, and so that an undo brings an entry back to where it stood. An edit, a look-up, a
/// comparison of places and the step to a neighbour cost about the same in a list of ten and of 100,000.
/// </summary>
/// <remarks>
/// Two doubly linked lists run through the same nodes: one of all entries, one of those that are present. Place 0 is
/// the sentinel before the first and after the last. Nodes lie in a persistent vector by entry id, which is what makes
/// a linked list immutable; order labels (see <see cref="EntryListEditor"/>) say which of two places comes first.
/// </remarks>
internal sealed class EntryList
{
    /// <summary>The sentinel's id: the place before the first entry.</summary>
    public const int Start = PlaylistOperation.Start;

    /// <summary>A list that never held anything.</summary>
    public static readonly EntryList Empty = CreateEmpty();

    private readonly PersistentVector<EntryNode> _nodes;

    internal EntryList(PersistentVector<EntryNode> nodes, int count, int removedCount, int nextEntryId)
    {
        _nodes = nodes;
        Count = count;
        RemovedCount = removedCount;
        NextEntryId = nextEntryId;
    }

    /// <summary>Entries that are present.</summary>
    public int Count { get; }

    /// <summary>Removed entries whose place is still known.</summary>
    public int RemovedCount { get; }

    /// <summary>The id that the next added entry gets; ids are allotted in order and never again.</summary>
    public int NextEntryId { get; }

    /// <summary>The last place of all, present or removed; <see cref="Start"/> when there is none.</summary>
    public int LastPlace => _nodes[Start]!.Previous;

    /// <summary>The last present entry; <see cref="Start"/> when there is none.</summary>
    public int LastPresent => _nodes[Start]!.PreviousPresent;

    /// <summary>An entry's node, present or removed; null when it never was or its place is forgotten.</summary>
    public EntryNode? Find(int entryId) => entryId == Start ? null : _nodes[entryId];

    /// <summary>An entry that is present, or null.</summary>
    public EntryNode? FindPresent(int entryId) => Find(entryId) is { IsRemoved: false } node ? node : null;

    /// <summary>Whether this id was ever given to an entry.</summary>
    public bool EverHeld(int entryId) => entryId > Start && entryId < NextEntryId;

    /// <summary>The nearest present entry at or before a place; <see cref="Start"/> when there is none.</summary>
    public int PresentAtOrBefore(int place) =>
        PresentAtOrBefore(_nodes[place]!, static (nodes, id) => nodes[id]!, _nodes);

    /// <summary>The present entries after one that is present (or <see cref="Start"/>), in order.</summary>
    public IEnumerable<EntryView> After(int entryId)
    {
        for (var id = _nodes[entryId]!.NextPresent; id != Start;)
        {
            var node = _nodes[id]!;
            yield return node.Entry;
            id = node.NextPresent;
        }
    }

    /// <summary>All places in order, the removed ones among them.</summary>
    public IEnumerable<EntryNode> Places()
    {
        for (var id = _nodes[Start]!.Next; id != Start;)
        {
            var node = _nodes[id]!;
            yield return node;
            id = node.Next;
        }
    }

    /// <summary>The nearest present entry before a present one, <see cref="Start"/> for none.</summary>
    public int PresentBefore(int entryId) => _nodes[entryId]!.PreviousPresent;

    /// <summary>Begins a change. This list itself never changes.</summary>
    public EntryListEditor Edit() => new(_nodes.Edit(), Count, RemovedCount, NextEntryId);

    internal static int PresentAtOrBefore<TNodes>(EntryNode from, Func<TNodes, int, EntryNode> at, TNodes nodes)
    {
        var node = from;
        while (node.IsRemoved)
        {
            node = at(nodes, node.Previous);
        }

        return node.Entry.EntryId;
    }

    /// <summary>A list of these places, in order, present and removed.</summary>
    public static EntryList Of(IReadOnlyList<EntryNode> places, int nextEntryId)
    {
        var nodes = PersistentVector<EntryNode>.Empty.Edit();
        var (first, last, removed) = (Start, Start, 0);
        var nextPresent = new int[places.Count];
        for (var i = places.Count - 1; i >= 0; i--)
        {
            nextPresent[i] = first;
            first = places[i].IsRemoved ? first : places[i].Entry.EntryId;
            removed += places[i].IsRemoved ? 1 : 0;
        }

        for (var i = 0; i < places.Count; i++)
        {
            var place = places[i];
            nodes[place.Entry.EntryId] = place with
            {
                Label = (i + 1) * EntryListEditor.AppendGap,
                Previous = i == 0 ? Start : places[i - 1].Entry.EntryId,
                Next = i == places.Count - 1 ? Start : places[i + 1].Entry.EntryId,
                PreviousPresent = place.IsRemoved ? 0 : last,
                NextPresent = place.IsRemoved ? 0 : nextPresent[i],
            };
            last = place.IsRemoved ? last : place.Entry.EntryId;
        }

        nodes[Start] = Empty._nodes[Start]! with
        {
            Previous = places.Count == 0 ? Start : places[^1].Entry.EntryId,
            Next = places.Count == 0 ? Start : places[0].Entry.EntryId,
            PreviousPresent = last,
            NextPresent = first,
        };
        return new EntryList(nodes.ToImmutable(), places.Count - removed, removed, nextEntryId);
    }

    private static EntryList CreateEmpty()
    {
        var nodes = PersistentVector<EntryNode>.Empty.Edit();
        nodes[Start] = new EntryNode(new EntryView(Start, Guid.Empty, Guid.Empty, default));
        return new EntryList(nodes.ToImmutable(), count: 0, removedCount: 0, nextEntryId: Start + 1);
    }
}

/// <summary>One place in the list.</summary>
/// <param name="Entry">What stands, or stood, there.</param>
internal sealed record EntryNode(EntryView Entry)
{
    /// <summary>Says which of two places comes first; means nothing by itself and is never stored.</summary>
    public long Label { get; init; }

    /// <summary>The place before this one, present or removed.</summary>
    public int Previous { get; init; }

    /// <summary>The place after this one, present or removed.</summary>
    public int Next { get; init; }

    /// <summary>The present entry before this one; no meaning while this one is removed.</summary>
    public int PreviousPresent { get; init; }

    /// <summary>The present entry after this one; no meaning while this one is removed.</summary>
    public int NextPresent { get; init; }

    /// <summary>The version that put the entry where it is.</summary>
    public long PlacedVersion { get; init; }

    /// <summary>The version that removed the entry; 0 while it is present.</summary>
    public long RemovedVersion { get; init; }

    /// <summary>Whether the entry was removed, so that only its place is left.</summary>
    public bool IsRemoved => RemovedVersion != 0;
}

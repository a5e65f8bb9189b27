using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>A change to an <see cref="EntryList"/> that is under way.</summary>
/// <remarks>
/// Order labels follow Bender, Cole, Demaine, Farach-Colton and Zito, "Two Simplified Algorithms for Maintaining Order
/// in a List" (2002): a new place takes the label halfway between its neighbours; where there is no room, the smallest
/// enclosing range of labels that is sparse enough is spread out evenly, which costs O(log n) per insertion amortised.
/// </remarks>
internal sealed class EntryListEditor
{
    private const long LabelMax = 1L << 60;
    internal const long AppendGap = 1L << 30;

    // The density that a range of 2^i labels may have is (1/T)^i; any T between 1 and 2 works.
    private const double OverflowBase = 1.4;

    private readonly PersistentVector<EntryNode>.Editor _nodes;
    private int _count;
    private int _removedCount;
    private int _nextEntryId;

    internal EntryListEditor(PersistentVector<EntryNode>.Editor nodes, int count, int removedCount, int nextEntryId)
    {
        _nodes = nodes;
        _count = count;
        _removedCount = removedCount;
        _nextEntryId = nextEntryId;
    }

    /// <summary>Puts a new entry right after a place, present or removed.</summary>
    public void Insert(int place, EntryView entry, long version)
    {
        _nextEntryId = Math.Max(_nextEntryId, entry.EntryId + 1);
        _count++;
        Link(new EntryNode(entry) { PlacedVersion = version }, place);
    }

    /// <summary>Removes a present entry; its place stays.</summary>
    public void Remove(int entryId, long version)
    {
        var node = _nodes[entryId]!;
        UnlinkPresent(node);
        _nodes[entryId] = node with { RemovedVersion = version, PreviousPresent = 0, NextPresent = 0 };
        _count--;
        _removedCount++;
    }

    /// <summary>Brings a removed entry back to its place.</summary>
    public void Restore(int entryId)
    {
        var node = _nodes[entryId]! with { RemovedVersion = 0 };
        _nodes[entryId] = node;
        LinkPresent(node);
        _count++;
        _removedCount--;
    }

    /// <summary>Takes a present entry out and puts it right after another place, present or removed.</summary>
    public void Move(int entryId, int place, long version)
    {
        if (entryId == place)
        {
            return;
        }

        var node = _nodes[entryId]!;
        UnlinkPresent(node);
        UnlinkPlace(_nodes[entryId]!);
        Link(node with { PlacedVersion = version }, place);
    }

    /// <summary>
    /// Forgets the oldest removed places once there are twice as many as must be remembered: that is seldom, so that
    /// it costs each removal a bounded share.
    /// </summary>
    public void ForgetOldRemovals(int rememberedMin)
    {
        if (_removedCount <= 2 * rememberedMin)
        {
            return;
        }

        var removed = new List<EntryNode>(_removedCount);
        for (var id = _nodes[EntryList.Start]!.Next; id != EntryList.Start; id = _nodes[id]!.Next)
        {
            if (_nodes[id]!.IsRemoved)
            {
                removed.Add(_nodes[id]!);
            }
        }

        removed.Sort(static (a, b) => a.RemovedVersion != b.RemovedVersion
            ? a.RemovedVersion.CompareTo(b.RemovedVersion)
            : a.Entry.EntryId.CompareTo(b.Entry.EntryId));
        foreach (var old in removed.Take(_removedCount - rememberedMin))
        {
            UnlinkPlace(_nodes[old.Entry.EntryId]!);
            _nodes[old.Entry.EntryId] = null;
        }

        _removedCount = rememberedMin;
    }

    /// <summary>The result. The editor must not be used afterwards.</summary>
    public EntryList ToImmutable() => new(_nodes.ToImmutable(), _count, _removedCount, _nextEntryId);

    private void Link(EntryNode node, int place)
    {
        var id = node.Entry.EntryId;
        var label = LabelAfter(place);
        var before = _nodes[place]!;
        var next = before.Next;
        node = node with { Previous = place, Next = next, Label = label };
        _nodes[place] = before with { Next = id };
        _nodes[next] = _nodes[next]! with { Previous = id };
        _nodes[id] = node;
        if (!node.IsRemoved)
        {
            LinkPresent(node);
        }
    }

    private void LinkPresent(EntryNode node)
    {
        var id = node.Entry.EntryId;
        var before = EntryList.PresentAtOrBefore(_nodes[node.Previous]!, static (nodes, at) => nodes[at]!, _nodes);
        var after = _nodes[before]!.NextPresent;
        _nodes[id] = _nodes[id]! with { PreviousPresent = before, NextPresent = after };
        _nodes[before] = _nodes[before]! with { NextPresent = id };
        _nodes[after] = _nodes[after]! with { PreviousPresent = id };
    }

    private void UnlinkPresent(EntryNode node)
    {
        _nodes[node.PreviousPresent] = _nodes[node.PreviousPresent]! with { NextPresent = node.NextPresent };
        _nodes[node.NextPresent] = _nodes[node.NextPresent]! with { PreviousPresent = node.PreviousPresent };
    }

    private void UnlinkPlace(EntryNode node)
    {
        _nodes[node.Previous] = _nodes[node.Previous]! with { Next = node.Next };
        _nodes[node.Next] = _nodes[node.Next]! with { Previous = node.Previous };
    }

    private long LabelAfter(int place)
    {
        var before = _nodes[place]!;
        if (before.Next == EntryList.Start)
        {
            var appended = before.Label + AppendGap;
            if (appended < LabelMax)
            {
                return appended;
            }
        }

        var gap = LabelOfNext(before) - before.Label;
        if (gap < 2)
        {
            Spread(place);
            before = _nodes[place]!;
            gap = LabelOfNext(before) - before.Label;
        }

        return before.Label + (gap / 2);
    }

    private long LabelOfNext(EntryNode node) =>
        node.Next == EntryList.Start ? LabelMax : _nodes[node.Next]!.Label;

    private void Spread(int place)
    {
        var label = _nodes[place]!.Label;
        var first = place;
        var last = place;
        var places = 1L;
        for (var bits = 1; bits <= 60; bits++)
        {
            var low = label & ~((1L << bits) - 1);
            var high = low + (1L << bits);
            while (first != EntryList.Start && _nodes[_nodes[first]!.Previous]!.Label >= low)
            {
                first = _nodes[first]!.Previous;
                places++;
            }

            while (LabelOfNext(_nodes[last]!) < high)
            {
                last = _nodes[last]!.Next;
                places++;
            }

            var room = 1L << bits;
            if (places * 4 <= room && places <= room / Math.Pow(OverflowBase, bits))
            {
                Relabel(first, last, places, low, room);
                return;
            }
        }

        throw new InvalidOperationException("The list has no room for another order label.");
    }

    private void Relabel(int first, int last, long places, long low, long room)
    {
        var step = room / places;
        var label = low;
        for (var id = first; ; id = _nodes[id]!.Next, label += step)
        {
            _nodes[id] = _nodes[id]! with { Label = label };
            if (id == last)
            {
                return;
            }
        }
    }
}

using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Playlists;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>
/// What a playlist should do, written down as simply as it can be: one list of places, walked from the front, with no
/// care for speed. The tests hold the real rules against it.
/// </summary>
internal sealed class PlaylistModel
{
    private readonly List<Place> _places = [];
    private readonly List<Done> _done = [];
    private int _nextId = 1;

    public int IdsGiven => _nextId - 1;

    public IEnumerable<int> Present => _places.Where(place => !place.IsRemoved).Select(place => place.Id);

    public IEnumerable<(int Id, bool IsRemoved)> Places => _places.Select(place => (place.Id, place.IsRemoved));

    public int DoneCount => _done.Count;

    public void Insert(int count, int? after)
    {
        Begin();
        var at = after is { } anchor ? IndexAfter(anchor) : _places.Count;
        for (var i = 0; i < count; i++)
        {
            _places.Insert(at++, new Place(_nextId, PlacedBy: _done.Count));
            _done[^1].Added.Add(_nextId++);
        }
    }

    public void Remove(IReadOnlyCollection<int> ids)
    {
        Begin();
        foreach (var id in ids.Distinct().Where(IsPresent))
        {
            Change(id, place => place with { IsRemoved = true, RemovedBy = _done.Count });
            _done[^1].Removed.Add(id);
        }
    }

    public void Move(IReadOnlyCollection<int> ids, int after)
    {
        Begin();
        var moving = Present.Where(ids.Contains).ToList();
        if (moving.Count == 0 || StandAlready(moving, after))
        {
            return;
        }

        Relocate(moving, after, _done.Count);
        _done[^1].Moved.AddRange(moving);
    }

    public void Undo(int index)
    {
        var target = _done[index];
        Begin();
        foreach (var id in target.Added.Where(IsPresent))
        {
            Change(id, place => place with { IsRemoved = true, RemovedBy = _done.Count });
            _done[^1].Removed.Add(id);
        }

        foreach (var id in target.Removed.Where(id => Find(id) is { IsRemoved: true } place && place.RemovedBy == index + 1))
        {
            Change(id, place => place with { IsRemoved = false });
            _done[^1].Added.Add(id);
        }
    }

    /// <summary>Whether a move is among what a command did: the model leaves taking those back to other tests.</summary>
    public bool HasMoves(int index) => _done[index].Moved.Count > 0;

    private void Begin() => _done.Add(new Done());

    private bool IsPresent(int id) => _places.Any(place => place.Id == id && !place.IsRemoved);

    private Place? Find(int id) => _places.Find(place => place.Id == id);

    private void Change(int id, Func<Place, Place> change)
    {
        var at = _places.FindIndex(place => place.Id == id);
        _places[at] = change(_places[at]);
    }

    private int IndexAfter(int anchor) =>
        anchor == PlaylistOperation.Start ? 0 : _places.FindIndex(place => place.Id == anchor) + 1;

    private bool StandAlready(List<int> moving, int after)
    {
        var before = _places.Take(IndexAfter(after)).LastOrDefault(place => !place.IsRemoved && !moving.Contains(place.Id));
        var present = Present.ToList();
        var at = before is null ? 0 : present.IndexOf(before.Id) + 1;
        return present.Skip(at).Take(moving.Count).SequenceEqual(moving);
    }

    private void Relocate(List<int> moving, int after, int by)
    {
        _places.RemoveAll(place => moving.Contains(place.Id));
        _places.InsertRange(IndexAfter(after), moving.Select(id => new Place(id, by)));
    }

    private sealed record Place(int Id, int PlacedBy, bool IsRemoved = false, int RemovedBy = 0);

    private sealed class Done
    {
        public List<int> Added { get; } = [];

        public List<int> Removed { get; } = [];

        public List<int> Moved { get; } = [];
    }
}

/// <summary>A client that knows nothing but the changes it is told of.</summary>
internal sealed class ClientModel
{
    private readonly List<EntryView> _entries = [];

    public long Version { get; private set; }

    public IEnumerable<int> EntryIds => _entries.Select(entry => entry.EntryId);

    public void Apply(PlaylistChange change)
    {
        Assert.Equal(Version + 1, change.Version);
        Version = change.Version;
        switch (change)
        {
            case EntriesAddedChange added:
                _entries.InsertRange(IndexAfter(added.After), added.Entries);
                break;
            case EntriesMovedChange moved:
                var entries = moved.EntryIds.Select(id => _entries.Single(entry => entry.EntryId == id)).ToList();
                Assert.DoesNotContain(moved.After, moved.EntryIds);
                _entries.RemoveAll(entries.Contains);
                _entries.InsertRange(IndexAfter(moved.After), entries);
                break;
            case EntriesRemovedChange removed:
                Assert.Equal(removed.EntryIds.Length, _entries.RemoveAll(entry => removed.EntryIds.Contains(entry.EntryId)));
                break;
            case EntriesRestoredChange restored:
                foreach (var placed in restored.Entries)
                {
                    _entries.Insert(IndexAfter(placed.After), placed.Entry);
                }

                break;
            default:
                break;
        }
    }

    private int IndexAfter(int entryId)
    {
        if (entryId == PlaylistOperation.Start)
        {
            return 0;
        }

        var at = _entries.FindIndex(entry => entry.EntryId == entryId);
        Assert.True(at >= 0, $"Entry {entryId} is no anchor: the client does not hold it.");
        return at + 1;
    }
}

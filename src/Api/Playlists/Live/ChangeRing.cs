using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>One version as it goes to clients.</summary>
/// <param name="Versions">The versions after it.</param>
/// <param name="Json">The change as a <see cref="ChangeResponse"/>, written once for everybody.</param>
internal sealed record WrittenChange(PlaylistVersions Versions, ReadOnlyMemory<byte> Json);

/// <summary>Consecutive changes that one message carries.</summary>
/// <param name="Versions">The versions after the last.</param>
/// <param name="Changes">In order; empty for a client that has the newest.</param>
internal sealed record RingSlice(PlaylistVersions Versions, IReadOnlyList<ReadOnlyMemory<byte>> Changes);

/// <summary>
/// The newest changes of one playlist without a gap, bounded in number and in bytes; the newest one stays whatever its
/// size. It decides which versions a client gets next. One writer; <see cref="Covers"/> may be asked from any thread.
/// </summary>
internal sealed class ChangeRing(PlaylistVersions start, int countMax, int bytesMax)
{
    private readonly WrittenChange?[] _slots = new WrittenChange?[countMax];
    private long _base = start.Version;
    private long _newest = start.Version;
    private long _bytes;

    /// <summary>The versions after the newest change.</summary>
    public PlaylistVersions Newest { get; private set; } = start;

    /// <summary>The version that the oldest change kept builds on.</summary>
    public long Base => Interlocked.Read(ref _base);

    /// <summary>Bytes of the changes kept.</summary>
    public long Bytes => _bytes;

    /// <summary>Whether a client at this version can be brought up to date from here.</summary>
    public bool Covers(long version) => Base <= version && version <= Interlocked.Read(ref _newest);

    /// <summary>Adds the next version, and lets go of the oldest as the bounds ask.</summary>
    public void Add(WrittenChange change)
    {
        var version = change.Versions.Version;
        if (version != _newest + 1)
            throw new ArgumentException($"Version {version} does not follow {_newest}.", nameof(change));

        if (version - _base > _slots.Length)
            DropOldest();
        _slots[version % _slots.Length] = change;
        _bytes += change.Json.Length;
        Newest = change.Versions;
        Interlocked.Exchange(ref _newest, version);
        while (_bytes > bytesMax && _base < version - 1)
            DropOldest();
    }

    /// <summary>Begins anew at a later version, with nothing kept.</summary>
    public void Reset(PlaylistVersions versions)
    {
        Array.Clear(_slots);
        _bytes = 0;
        Newest = versions;
        Interlocked.Exchange(ref _base, versions.Version);
        Interlocked.Exchange(ref _newest, versions.Version);
    }

    /// <summary>
    /// What a client at a version gets next: as many versions as fit, at least one where there is one. Null when they
    /// are no longer kept.
    /// </summary>
    /// <param name="after">The version that the client has.</param>
    /// <param name="messageBytesMax">Bytes of changes in one message, unless a single one is larger.</param>
    public RingSlice? Read(long after, int messageBytesMax)
    {
        if (after < _base)
            return null;

        var changes = new List<ReadOnlyMemory<byte>>();
        var versions = Newest;
        long bytes = 0;
        for (var version = after + 1; version <= _newest; version++)
        {
            var change = _slots[version % _slots.Length]!;
            bytes += change.Json.Length;
            if (changes.Count > 0 && bytes > messageBytesMax)
                break;
            changes.Add(change.Json);
            versions = change.Versions;
        }

        return new RingSlice(versions, changes);
    }

    private void DropOldest()
    {
        var oldest = _base + 1;
        ref var slot = ref _slots[oldest % _slots.Length];
        _bytes -= slot!.Json.Length;
        slot = null;
        Interlocked.Exchange(ref _base, oldest);
    }
}

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// The tracks that changed of late, so that what was made of their cards can tell whether it still holds. Each change
/// has a number; the last <see cref="RememberedMax"/> are remembered, and what is older counts as changed.
/// </summary>
internal sealed class ChangedTracks
{
    /// <summary>Changes remembered at once.</summary>
    public const int RememberedMax = 1_024;

    private readonly Lock _lock = new();
    private readonly Guid[] _ids = new Guid[RememberedMax];
    private long _number;
    private long _allBefore;

    /// <summary>The number of the newest change.</summary>
    public long Number => Volatile.Read(ref _number);

    /// <summary>A track changed.</summary>
    public void Add(Guid trackId)
    {
        lock (_lock)
        {
            _ids[(_number + 1) % RememberedMax] = trackId;
            Volatile.Write(ref _number, _number + 1);
        }
    }

    /// <summary>Any track may have changed.</summary>
    public void AddAll()
    {
        lock (_lock)
        {
            _allBefore = _number + 1;
            Volatile.Write(ref _number, _number + 1);
        }
    }

    /// <summary>Whether a track may have changed after the change of a number.</summary>
    public bool HasChanged(Guid trackId, long since) => Number != since && AnyChanged([trackId], since);

    /// <summary>Whether one of the tracks may have changed after the change of a number.</summary>
    public bool AnyChanged(ReadOnlySpan<Guid> trackIds, long since)
    {
        if (Number == since)
            return false;
        lock (_lock)
        {
            if (since < _allBefore || _number - since > RememberedMax)
                return true;
            for (var number = since + 1; number <= _number; number++)
            {
                if (trackIds.Contains(_ids[number % RememberedMax]))
                    return true;
            }

            return false;
        }
    }
}

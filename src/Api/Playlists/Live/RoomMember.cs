using IndiiMusic.Grains.Interfaces;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>One client in a room. Only the room's loop touches it.</summary>
internal sealed class RoomMember(LiveConnection connection, long id, long sent)
{
    private volatile bool _hasLeft;

    /// <summary>The client.</summary>
    public LiveConnection Connection { get; } = connection;

    /// <summary>Who the client speaks for.</summary>
    public Actor Actor => Connection.Actor;

    /// <summary>Counts the members of the room in the order they came.</summary>
    public long Id { get; } = id;

    /// <summary>The newest version that the client was sent.</summary>
    public long Sent { get; set; } = sent;

    /// <summary>Whether the client knows that it is live.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>What brings the client up to date before it gets anything else.</summary>
    public Refill? Refill { get; set; }

    /// <summary>Since when a message is on its way that the transport has not taken; null for none.</summary>
    public TimeSpan? WritingSince { get; set; }

    /// <summary>The number of the last question to the playlist on this client's behalf.</summary>
    public long Question { get; set; }

    /// <summary>Whether that question is open: until its answer the client gets nothing.</summary>
    public bool IsSuspended { get; set; }

    /// <summary>Whether it is out of the room. This alone may be read from any thread.</summary>
    public bool HasLeft
    {
        get => _hasLeft;
        set => _hasLeft = value;
    }

    /// <summary>Whether anything may be written to the client now.</summary>
    public bool IsReady => WritingSince is null && !IsSuspended;

    /// <summary>What its user does.</summary>
    public PresenceFocus Focus { get; set; } = PresenceFocus.Viewing;

    /// <summary>The update of who is present that it was sent last.</summary>
    public long PresenceSent { get; set; }
}

using System.Collections.Concurrent;
using IndiiMusic.Api.Auth;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>One client's connection, who it speaks for, and the rooms that it is in.</summary>
internal sealed class LiveConnection(HubConnectionContext context, ActorPrincipal principal)
{
    private readonly ConcurrentDictionary<Guid, PlaylistRoom> _rooms = new();
    private KnownPlaylist? _known;
    private volatile bool _isClosed;

    /// <summary>Who the connection speaks for, as long as it lasts.</summary>
    public ActorPrincipal Principal { get; } = principal;

    /// <summary>The same, for grains: with what the user's roles allow now.</summary>
    public Actor Actor => Principal.Actor;

    /// <summary>The user.</summary>
    public Guid UserId { get; } = principal.Actor.RequireUser();

    /// <summary>The session that the connection's access token came from, or its personal access token.</summary>
    public Guid SessionId => Principal.SessionId;

    /// <summary>The user's name as others read it; null before the first join.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Whether the connection is over.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>The connection of a hub call.</summary>
    public static LiveConnection Of(HubCallerContext context) =>
        (LiveConnection)context.Items[typeof(LiveConnection)]!;

    /// <summary>
    /// A playlist. The last one asked for is kept: a client mostly edits one, and making a reference costs a third of
    /// a hub call.
    /// </summary>
    public IPlaylistGrain Playlist(Guid playlistId, IGrainFactory grains)
    {
        if (_known is { } known && known.Id == playlistId)
            return known.Playlist;
        var playlist = grains.GetGrain<IPlaylistGrain>(playlistId);
        _known = new KnownPlaylist(playlistId, playlist);
        return playlist;
    }

    /// <summary>The playlists whose rooms the connection is in.</summary>
    public IEnumerable<Guid> Playlists => _rooms.Keys;

    /// <summary>The room of a playlist, if the connection is in it.</summary>
    public PlaylistRoom? Find(Guid playlistId) => _rooms.GetValueOrDefault(playlistId);

    /// <summary>Whether the connection is in this room.</summary>
    public bool IsIn(PlaylistRoom room) => _rooms.TryGetValue(room.PlaylistId, out var found) && found == room;

    /// <summary>Notes a room, unless there are too many.</summary>
    public void Add(PlaylistRoom room, int roomsMax)
    {
        if (_rooms.Count >= roomsMax)
        {
            throw new IndiiException(
                ErrorCode.LimitExceeded, $"A connection may join at most {roomsMax} playlists at once.");
        }

        _rooms[room.PlaylistId] = room;
    }

    /// <summary>Forgets a room. True for exactly one of those who try, who then has to let go of the room.</summary>
    public bool Remove(PlaylistRoom room) => _rooms.TryRemove(KeyValuePair.Create(room.PlaylistId, room));

    /// <summary>Marks the connection as over, and says which rooms it was in.</summary>
    public IReadOnlyCollection<PlaylistRoom> Close()
    {
        _isClosed = true;
        return [.. _rooms.Values];
    }

    /// <summary>Writes to the client; the task ends when the transport has taken it.</summary>
    public ValueTask WriteAsync(SerializedHubMessage message) => context.WriteAsync(message, CancellationToken.None);

    /// <summary>Ends the connection without a word.</summary>
    public void Abort() => context.Abort();

    private sealed record KnownPlaylist(Guid Id, IPlaylistGrain Playlist);
}

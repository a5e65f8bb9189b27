using System.Collections.Concurrent;
using IndiiMusic.Api.Auth;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// Gives each connection its <see cref="LiveConnection"/>, and ends those of a session with it. Rooms write to
/// connections themselves and not through groups, because only the connection tells whether its client keeps up.
/// </summary>
internal sealed class PlaylistConnections : DefaultHubLifetimeManager<PlaylistHub>
{
    // Time for the goodbye to reach the client; a transport that is cut takes what it has not sent with it.
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<LiveConnection, LiveConnection> _connections = new();
    private readonly SessionDenylist _ended;
    private readonly TimeProvider _time;

    public PlaylistConnections(
        SessionDenylist ended, TimeProvider time, ILogger<DefaultHubLifetimeManager<PlaylistHub>> logger)
        : base(logger)
    {
        (_ended, _time) = (ended, time);
        ended.WhenEnded(EndAll);
    }

    /// <summary>Those that are open.</summary>
    public IEnumerable<LiveConnection> Open => _connections.Select(entry => entry.Key);

    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        var live = new LiveConnection(connection, (ActorPrincipal)connection.User);
        connection.Items[typeof(LiveConnection)] = live;
        _connections[live] = live;
        LiveMetrics.Connections.Inc();

        // The session may have ended after the token was looked at and before the connection was noted.
        if (_ended.Contains(live.SessionId))
            _ = EndAsync(live);
        return base.OnConnectedAsync(connection);
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Items[typeof(LiveConnection)] is LiveConnection live)
            _connections.TryRemove(live, out _);
        LiveMetrics.Connections.Dec();
        return base.OnDisconnectedAsync(connection);
    }

    private void EndAll(Guid sessionId)
    {
        foreach (var connection in Open)
        {
            if (connection.SessionId == sessionId)
                _ = EndAsync(connection);
        }
    }

    private async Task EndAsync(LiveConnection connection)
    {
        LiveMetrics.CutOffs.WithLabels(LiveMetrics.SignedOut).Inc();
        foreach (var playlistId in connection.Playlists)
        {
            // Not awaited: a client that takes nothing is cut off all the same.
            _ = connection.WriteAsync(LiveWriter.Message(
                nameof(IPlaylistClient.Closed), new ClosedMessage(playlistId, ClosedReason.SignedOut))).AsTask();
        }

        await Task.Delay(GoodbyeTime, _time);
        connection.Abort();
    }
}

using IndiiMusic.Api.Auth;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// Gives each connection its <see cref="LiveConnection"/>. Rooms write to connections themselves and not through
/// groups, because only the connection tells whether its client keeps up.
/// </summary>
internal sealed class PlaylistConnections(ILogger<DefaultHubLifetimeManager<PlaylistHub>> logger)
    : DefaultHubLifetimeManager<PlaylistHub>(logger)
{
    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Items[typeof(LiveConnection)] = new LiveConnection(connection, connection.User.GetActor());
        LiveMetrics.Connections.Inc();
        return base.OnConnectedAsync(connection);
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        LiveMetrics.Connections.Dec();
        return base.OnDisconnectedAsync(connection);
    }
}

using IndiiMusic.Cluster.Tests.Load;

namespace IndiiMusic.Cluster.Tests.Playlists;

/// <summary>
/// Twenty clients edit one playlist over the hub, five hundred random operations each, while connections drop and the
/// server is killed: all end with the server's list, and what was acknowledged happened once.
/// </summary>
public sealed class LiveKillTests
{
    private const int Clients = 20;
    private const int OperationsEach = 500;

    [Fact]
    public async Task Twenty_clients_converge_though_connections_drop_and_the_server_is_killed()
    {
        await using var server = await KilledServer.StartAsync();
        await using var load = await PlaylistLoad.StartAsync(server.Api, Clients, restEditors: 0, OperationsEach);

        await load.FlowsAsync(Clients * OperationsEach / 2);
        await server.KillAndRestartAsync();
        await load.EndAsync();

        await load.AssertConvergesAsync();
        Assert.Equal(Clients * OperationsEach, load.Answered);
    }
}

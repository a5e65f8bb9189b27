using IndiiMusic.Cluster.Tests.Load;

namespace IndiiMusic.Cluster.Tests.Playlists;

/// <summary>kill -9 at random moments under load: what was acknowledged is there, once.</summary>
public sealed class KillTests
{
    private const int Kills = 4;

    [Fact]
    public async Task Every_acknowledged_edit_survives_kill_9_exactly_once()
    {
        await using var server = await KilledServer.StartAsync();
        await using var load = await PlaylistLoad.StartAsync(server.Api, hubEditors: 0, restEditors: 8);

        var random = new Random(5);
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(random.Next(200, 1_200));
            await load.FlowsAsync();
            await server.KillAndRestartAsync();
        }

        await load.AssertConvergesAsync();
        Assert.True(load.Edits.Additions > Kills * 10);
        Assert.True(load.Edits.Removals > 0);
    }
}

using IndiiMusic.Cluster.Tests.Load;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>Several playlists under load at once, so that each silo has some of their grains.</summary>
public sealed class ManyLoads : IAsyncDisposable
{
    private readonly List<PlaylistLoad> _loads = [];

    private ManyLoads()
    {
    }

    public static async Task<ManyLoads> StartAsync(ApiClient owner, int playlists)
    {
        var many = new ManyLoads();
        for (var i = 0; i < playlists; i++)
            many._loads.Add(await PlaylistLoad.StartAsync(owner, hubEditors: 1, restEditors: 1));
        return many;
    }

    /// <summary>Waits until every one of them was edited again.</summary>
    public Task FlowAsync(int operations = 20) => Task.WhenAll(_loads.Select(load => load.FlowsAsync(operations)));

    public async Task AssertConvergeAsync()
    {
        foreach (var load in _loads)
            await load.AssertConvergesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var load in _loads)
            await load.DisposeAsync();
    }
}

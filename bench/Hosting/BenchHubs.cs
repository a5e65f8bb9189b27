using IndiiMusic.Bench.Load;

namespace IndiiMusic.Bench.Hosting;

/// <summary>Our hub and a bare one whose messages are as large as ours, each in a process of its own.</summary>
internal sealed class BenchHubs : IAsyncDisposable
{
    private readonly BenchGateway _gateway;
    private readonly Guid _playlistId;

    private BenchHubs(BenchGateway gateway, ServerProcess bare, Guid playlistId) =>
        (_gateway, Bare, _playlistId) = (gateway, bare, playlistId);

    public ServerProcess Ours => _gateway.Process;

    public ServerProcess Bare { get; }

    public static async Task<BenchHubs> StartAsync(string folder)
    {
        const int entries = 100;
        var gateway = await BenchGateway.StartAsync(folder, entries);
        var playlistId = await gateway.CreatePlaylistAsync(gateway.Tracks);
        await using var room = await OpenAsync(gateway, playlistId, clients: 1);
        var bare = await ServerProcess.StartBareAsync("--change-bytes", $"{await room.MeasureChangeBytesAsync()}");
        return new BenchHubs(gateway, bare, playlistId);
    }

    public Task<HubRoom> OpenOursAsync(int clients) => OpenAsync(_gateway, _playlistId, clients);

    public Task<HubRoom> OpenBareAsync(int clients) => HubRoom.OpenAsync(
        new Uri(Bare.Address, BareServer.HubRoute), _gateway.AccessToken, _playlistId, _gateway.Tracks, clients);

    public async ValueTask DisposeAsync()
    {
        await Bare.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private static Task<HubRoom> OpenAsync(BenchGateway gateway, Guid playlistId, int clients) => HubRoom.OpenAsync(
        new Uri(gateway.Process.Address, "/hubs/playlists"), gateway.AccessToken, playlistId, gateway.Tracks, clients);
}

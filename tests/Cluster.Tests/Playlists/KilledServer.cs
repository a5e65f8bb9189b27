using IndiiMusic.Cluster.Tests.Load;
using IndiiMusic.Standalone.Tests.Serve;
using IndiiMusic.TestServers;

namespace IndiiMusic.Cluster.Tests.Playlists;

/// <summary>A server that is killed and started again on the same data, and an account on it.</summary>
public sealed class KilledServer : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-killed-").FullName;

    // Clients come back to the address that they know, so the port must be the same after each start.
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";
    private StandaloneProcess _process;

    private KilledServer()
    {
        Api = new ApiClient([_address]);
        _process = Serve();
    }

    /// <summary>The account.</summary>
    public ApiClient Api { get; }

    /// <summary>Starts it and signs a user in.</summary>
    public static async Task<KilledServer> StartAsync()
    {
        var server = new KilledServer();
        await server._process.ReadyAsync();
        await server.Api.SignUpAsync("kim");
        return server;
    }

    /// <summary>kill -9, and a new start on the same data.</summary>
    public async Task KillAndRestartAsync()
    {
        await _process.SignalAsync("KILL");
        await _process.ExitAsync();
        await _process.DisposeAsync();
        _process = Serve();
        await _process.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Api.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private StandaloneProcess Serve() => StandaloneProcess.Run(
        "--data", _data, "--url", _address, "--management-url", "http://127.0.0.1:0");
}

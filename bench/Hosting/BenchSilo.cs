using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Standalone;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Core.Internal;

namespace IndiiMusic.Bench.Hosting;

/// <summary>Standalone's silo without its gateway, in this process, on data of its own.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private static readonly GrainType Playlists = GrainType.Create("playlist");

    private readonly StandaloneApplication _application;

    private BenchSilo(StandaloneApplication application) => _application = application;

    public IGrainFactory Grains => _application.Host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<BenchSilo> StartAsync(string folder)
    {
        var application = StandaloneApplication.TryCreateWithoutGateway($"--Data:Path={folder}")
            ?? throw new InvalidOperationException($"Another process uses {folder}.");
        await application.StartAsync();
        return new BenchSilo(application);
    }

    /// <summary>Deactivates a playlist, and returns when it is gone from memory.</summary>
    public async Task DeactivateAsync(IPlaylistGrain playlist)
    {
        await playlist.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await GoneAsync(active => !active.Contains(playlist.GetGrainId()));
    }

    /// <summary>Deactivates all playlists.</summary>
    public async Task DeactivateAllAsync()
    {
        await Management.ForceActivationCollection(TimeSpan.Zero);
        await GoneAsync(static active => active.Count == 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.Host.StopAsync();
        await _application.DisposeAsync();
    }

    private IManagementGrain Management => Grains.GetGrain<IManagementGrain>(0);

    private async Task GoneAsync(Func<List<GrainId>, bool> isGone)
    {
        while (!isGone(await Management.GetActiveGrains(Playlists)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}

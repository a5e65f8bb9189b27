using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Playlists;

/// <summary>What playlist grains need from the container.</summary>
public static class PlaylistsHosting
{
    /// <summary>
    /// Adds the options and what is shared with a gateway in this process, and starts the outbox sweeper once the silo
    /// is up.
    /// </summary>
    public static ISiloBuilder AddIndiiPlaylists(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<PlaylistOptions>()
            .BindConfiguration(PlaylistOptions.Section)
            .ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<PlaylistOptions>, PlaylistOptionsValidator>();
        silo.Services.AddSingleton<PlaylistOutbox>();
        silo.Services.AddSingleton<LocalPlaylists>();
        silo.Services.TryAddSingleton<AuditLog>();
        silo.Services.AddSingleton<ILocalPlaylists>(
            static services => services.GetRequiredService<LocalPlaylists>());
        silo.AddStartupTask(static (services, _) =>
            services.GetRequiredService<IGrainFactory>().GetGrain<IPlaylistOutboxGrain>(0).Start());
        return silo;
    }
}

using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Playlists;
using IndiiMusic.Grains.Tracks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IndiiMusic.Grains;

/// <summary>The grains and what they need from the container, one line for each slice.</summary>
public static class GrainsHosting
{
    /// <summary>
    /// Adds every slice's grains. The silo around them brings the ports (<see cref="EventLog.IEventStore"/>,
    /// <see cref="Objects.IObjectStore"/>), the default grain storage, reminders and the stream provider
    /// <see cref="EventStreams.Provider"/>.
    /// </summary>
    public static ISiloBuilder AddIndiiGrains(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton<AuditLog>();
        silo.AddIndiiAuth();
        silo.AddIndiiPlaylists();
        silo.AddIndiiTracks();
        return silo;
    }
}

using IndiiMusic.Api.Objects;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IndiiMusic.Api.Tracks;

/// <summary>What the routes of tracks need. The host brings <see cref="Grains.Objects.IObjectStore"/>.</summary>
internal static class TracksHosting
{
    public static IServiceCollection AddIndiiTracks(this IServiceCollection services)
    {
        services.TryAddSingleton<TrackCards>();
        services.TryAddSingleton<StoredObjects>();
        return services;
    }
}

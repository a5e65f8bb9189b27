using IndiiMusic.Api.Objects;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IndiiMusic.Api.Tracks;

/// <summary>What the routes of tracks need. The host brings <see cref="Grains.Objects.IObjectStore"/>.</summary>
internal static class TracksHosting
{
    /// <summary>
    /// Adds what is kept of objects, and the cards of tracks, which are kept where <c>Cache:Provider</c> says.
    /// </summary>
    public static IServiceCollection AddIndiiTracks(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.ChooseProvider(configuration, "Cache", CacheProvider.Memory) == CacheProvider.Redis)
        {
            services.AddRedisConnection();
            services.AddSingleton<SharedCards>();
            services.AddSingleton<IGatewayListener, ChangedCards>();
        }

        services.AddSingleton(provider => new TrackCards(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TrackCards>>(),
            provider.GetService<SharedCards>()));
        services.TryAddSingleton<StoredObjects>();
        return services;
    }
}

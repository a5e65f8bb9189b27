using IndiiMusic.Grains;
using IndiiMusic.Silo.Clustering;
using IndiiMusic.Silo.Streams;

namespace IndiiMusic.Silo;

/// <summary>A silo: clustering, storage and streams as configured, and all grains.</summary>
public static class SiloHosting
{
    /// <summary>Adds the silo to a host.</summary>
    public static IHostApplicationBuilder AddIndiiSilo(this IHostApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo
            .AddIndiiClustering()
            .AddIndiiStorage()
            .AddIndiiStreams()
            .AddIndiiGrains());
        return builder;
    }

    private static ISiloBuilder AddIndiiStorage(this ISiloBuilder silo) => silo
        .AddMemoryGrainStorageAsDefault()
        .UseInMemoryReminderService();
}

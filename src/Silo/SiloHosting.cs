using IndiiMusic.Grains;
using IndiiMusic.Infrastructure.EncryptionKeys;
using IndiiMusic.Infrastructure.Media;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Telemetry;
using IndiiMusic.Infrastructure.Tracing;
using IndiiMusic.Silo.Clustering;
using IndiiMusic.Silo.Dashboard;
using IndiiMusic.Silo.Health;
using IndiiMusic.Silo.Storage;
using IndiiMusic.Silo.Streams;

namespace IndiiMusic.Silo;

/// <summary>A silo: clustering, storage and streams as configured, and all grains.</summary>
public static class SiloHosting
{
    /// <summary>Adds the silo to a host.</summary>
    public static IHostApplicationBuilder AddIndiiSilo(this IHostApplicationBuilder builder)
    {
        builder.AddIndiiObjects();
        builder.Services.AddIndiiMedia();
        builder.Services.AddFolderEncryptionKeys();
        builder.Services.AddHealthChecks().AddCheck<SiloHealthCheck>("silo");
        builder.UseOrleans(silo => silo
            .AddGrainMetrics()
            .AddIndiiClustering()
            .AddIndiiStorage()
            .AddIndiiStreams()
            .AddIndiiDashboard()
            .AddGrainTracing()
            .AddIndiiGrains());
        return builder;
    }
}

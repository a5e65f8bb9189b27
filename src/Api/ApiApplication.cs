using IndiiMusic.Api.Clustering;
using IndiiMusic.Api.Draining;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.Registration;
using IndiiMusic.Infrastructure.SigningKeys;
using IndiiMusic.Infrastructure.Telemetry;
using IndiiMusic.Infrastructure.Tracing;

namespace IndiiMusic.Api;

/// <summary>A gateway as a process of its own, in front of a cluster of silos.</summary>
public static class ApiApplication
{
    /// <summary>
    /// The time from being told to stop until the end, the drain delay included: what is left of it, requests have to
    /// finish. The orchestrator's grace period must be longer.
    /// </summary>
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(40);

    /// <summary>Builds the program, ready to start.</summary>
    /// <param name="settings">Configuration as <c>--Key:Path=value</c>; it has the last word.</param>
    public static WebApplication Create(params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        SettingsSources.Read(builder.Configuration, "gateway", settings);
        builder.Services.Configure<HostOptions>(options =>
        {
            // Health answers while the gateway waits for the first silo.
            options.ServicesStartConcurrently = true;
            options.ShutdownTimeout = StopTimeMax;
        });
        builder.AddIndiiSettings();
        builder.AddIndiiLogging("indii-api");
        builder.AddIndiiTracing("indii-api");
        builder.AddIndiiClusterClient();
        builder.AddIndiiObjects();
        builder.Services.AddFolderSigningKeys(builder.Configuration);
        builder.AddIndiiApi();
        builder.AddIndiiRegistration("indii-api");
        builder.AddIndiiDraining();

        var app = builder.Build();
        app.UseIndiiDraining();
        app.MapIndiiApi();
        return app;
    }
}

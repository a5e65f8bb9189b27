using IndiiMusic.Infrastructure.Health;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.Registration;
using IndiiMusic.Infrastructure.Telemetry;
using IndiiMusic.Infrastructure.Tracing;
using IndiiMusic.Silo.Dashboard;

namespace IndiiMusic.Silo;

/// <summary>A silo as a process of its own: the grains, and a management port with health and figures.</summary>
public static class SiloApplication
{
    /// <summary>
    /// The time for handing activations over: the orchestrator's grace period must be longer than this.
    /// </summary>
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Builds the program, ready to start.</summary>
    /// <param name="settings">Configuration as <c>--Key:Path=value</c>; it has the last word.</param>
    public static WebApplication Create(params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        SettingsSources.Read(builder.Configuration, "silo", settings);
        builder.Services.Configure<HostOptions>(options =>
        {
            // The management port answers while the silo waits for what it needs.
            options.ServicesStartConcurrently = true;
            options.ShutdownTimeout = StopTimeMax;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.AddIndiiSettings();
        builder.AddIndiiLogging("indii-silo");
        builder.AddIndiiTracing("indii-silo");
        builder.Services.AddIndiiMetrics();
        builder.AddIndiiSilo();
        builder.AddIndiiRegistration("indii-silo");

        var app = builder.Build();
        app.MapHealth();
        app.MapFigures();
        app.MapIndiiDashboard();
        return app;
    }
}

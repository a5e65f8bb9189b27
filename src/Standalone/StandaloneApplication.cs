using IndiiMusic.Api;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.ObjectStorage;
using IndiiMusic.Infrastructure.SigningKeys;
using IndiiMusic.Infrastructure.Telemetry;
using IndiiMusic.Infrastructure.Tracing;
using IndiiMusic.Silo;
using IndiiMusic.Standalone.Data;
using IndiiMusic.Standalone.Import;

namespace IndiiMusic.Standalone;

/// <summary>
/// Silo and gateway in one process, and its data folder, which this process alone uses until it is disposed of. The
/// gateway calls the grains through the silo's own client.
/// </summary>
public sealed class StandaloneApplication : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(10);

    private readonly DataFolder _data;

    private StandaloneApplication(IHost host, DataFolder data)
    {
        Host = host;
        _data = data;
    }

    /// <summary>What runs: a <see cref="WebApplication"/> unless it was created without the gateway.</summary>
    public IHost Host { get; }

    /// <summary>Where the data lies.</summary>
    public string DataPath => _data.Path;

    /// <summary>Builds the whole program, ready to start.</summary>
    /// <param name="settings">Configuration as <c>--Key:Path=value</c>; it has the last word.</param>
    /// <exception cref="StartRefusedException">The data folder cannot be used.</exception>
    public static StandaloneApplication Create(params string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        var data = DataFolder.Open(StandaloneConfiguration.Read(builder.Configuration, settings));
        AddSilo(builder);
        builder.AddIndiiApi();
        builder.Services.AddFolderSigningKeys(builder.Configuration);
        var app = builder.Build();
        app.MapIndiiApi();
        app.MapImportControl();
        ImportMetrics.Prepare();
        return new StandaloneApplication(app, data);
    }

    /// <summary>
    /// Builds the grains and their storage without the gateway, for commands that work on the data themselves; null
    /// when another process owns the data: then ask that process, through its control socket.
    /// </summary>
    /// <param name="settings">Configuration as <c>--Key:Path=value</c>; it has the last word.</param>
    /// <exception cref="StartRefusedException">The data folder cannot be written.</exception>
    public static StandaloneApplication? TryCreateWithoutGateway(params string[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        if (DataFolder.TryOpen(StandaloneConfiguration.Read(builder.Configuration, settings)) is not { } data)
        {
            return null;
        }

        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        AddSilo(builder);
        return new StandaloneApplication(builder.Build(), data);
    }

    /// <summary>The control socket of whoever owns the data that these settings choose.</summary>
    public static string ControlSocket(params string[] settings)
    {
        using var configuration = new ConfigurationManager();
        return DataFolder.ControlSocket(StandaloneConfiguration.Read(configuration, settings));
    }

    /// <summary>Starts everything; when it returns, it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        StartFailure.ThrowIfMisconfigured(Host.Services);
        await Host.Services.LoadLiveSettingsAsync(cancellationToken);
        if (Host is WebApplication gateway)
        {
            ListenCheck.Ensure(gateway.Configuration, "with --url or --management-url");
        }

        await Host.StartAsync(cancellationToken);
        if (Host is WebApplication)
        {
            _data.ProtectControlSocket();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)Host).DisposeAsync();
        _data.Dispose();
    }

    private static void AddSilo(IHostApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeMax);
        builder.AddIndiiSettings();
        builder.AddIndiiLogging("indii-standalone");
        builder.AddIndiiTracing("indii-standalone");
        builder.AddIndiiSilo();
    }
}

using System.Collections.Concurrent;
using IndiiMusic.Infrastructure.LiveSettings;
using IndiiMusic.Infrastructure.Media;
using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.LiveSettings;

/// <summary>A program with some options and live settings, and what it says.</summary>
internal sealed class LiveProgram : IAsyncDisposable
{
    private readonly IHost _host;

    private LiveProgram(IHost host, Lines lines)
    {
        _host = host;
        Log = lines;
    }

    public Lines Log { get; }

    public FfmpegOptions Ffmpeg => _host.Services.GetRequiredService<IOptionsMonitor<FfmpegOptions>>().CurrentValue;

    public IConfiguration Configuration => _host.Services.GetRequiredService<IConfiguration>();

    /// <param name="store">What the store needs to be told.</param>
    /// <param name="commandLine">What has the last word.</param>
    public static async Task<LiveProgram> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> store, params string[] commandLine)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("Redis:ConnectionString", "127.0.0.1:1"),
            new("Logging:LogLevel:Default", "Warning"),
            new("Logging:LogLevel:IndiiMusic", "Information"),
            .. store,
        ]);
        builder.Configuration.Sources.Add(new LiveSettingsSource());
        builder.Configuration.AddCommandLine(commandLine);
        var lines = new Lines();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddProvider(lines);
        builder.AddIndiiSettings();
        builder.Services.AddIndiiMedia();
        builder.Services.AddRedisConnection();
        var program = new LiveProgram(builder.Build(), lines);
        await program._host.Services.LoadLiveSettingsAsync();
        await program._host.StartAsync();
        return program;
    }

    public ILogger Logger(string category) => _host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public async Task<(HealthStatus Status, string? Why)> HealthAsync()
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == LiveSettingsHosting.HealthCheckName);
        return (report.Status, report.Entries[LiveSettingsHosting.HealthCheckName].Description);
    }

    public async Task UntilAsync(Func<LiveProgram, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds(this))
        {
            try
            {
                await Task.Delay(10, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"It did not come about. The log: {string.Join('\n', Log.All)}");
            }
        }
    }

    public Task UntilTimeoutIsAsync(int seconds) => UntilAsync(program => program.Ffmpeg.TimeoutSeconds == seconds);

    public Task UntilSaidAsync(string words) => UntilAsync(program => program.Log.Has(words));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    /// <summary>Keeps what was logged.</summary>
    internal sealed class Lines : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> All => _lines;

        public bool Has(string words) => _lines.Any(line => line.Contains(words, StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Writer(Lines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                // Entries of the audit log say more in their fields than in words.
                var fields = category == "IndiiMusic.Audit" && state is IEnumerable<KeyValuePair<string, object?>> all
                    ? string.Concat(all.Select(field => $" [{field.Key}={field.Value}]"))
                    : "";
                lines._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)}{fields}");
            }
        }
    }
}

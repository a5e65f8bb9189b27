using IndiiMusic.Grains.Auditing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Filters;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>What the operator reads. Levels are the host's own: <c>Logging:LogLevel:&lt;category&gt;</c>.</summary>
public static class LoggingHosting
{
    private const string Line =
        "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    // Before what is configured, so that only a setting of the very category silences it.
    private static readonly LoggerFilterRule Audit = new(null, AuditLog.Category, LogLevel.Information, null);

    private const int FailedStartEventId = 11;

    /// <summary>Lines of text on stderr, so that stdout stays free for what commands print.</summary>
    public static IHostApplicationBuilder AddIndiiLogging(this IHostApplicationBuilder builder)
    {
        var text = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Filter.ByExcluding(IsFailedStart)
            .WriteTo.Console(
                outputTemplate: Line,
                standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();

        // Serilog's own extension would switch the host's level filters off for it.
        builder.Services.TryAddSingleton<AuditLog>();
        builder.Services.Configure<LoggerFilterOptions>(static filters => filters.Rules.Insert(0, Audit));
        builder.Logging.ClearProviders().AddProvider(new SerilogLoggerProvider(text, dispose: true));
        return builder;
    }

    /// <summary>The program itself says why it does not start, in words for the person at the terminal.</summary>
    private static bool IsFailedStart(LogEvent entry) =>
        Matching.FromSource("Microsoft.Extensions.Hosting.Internal.Host")(entry)
        && entry.Properties.TryGetValue("EventId", out var id)
        && id is StructureValue { Properties: [{ Value: ScalarValue { Value: FailedStartEventId } }, ..] };
}

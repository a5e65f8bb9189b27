using System.Reflection;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Infrastructure.Clustering;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Filters;
using Serilog.Formatting;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// What the operator reads. Levels are the host's own, <c>Logging:LogLevel:&lt;category&gt;</c>; Serilog only writes
/// what they let through, so that a change of them takes effect at once.
/// </summary>
public static class LoggingHosting
{
    private const int FailedStartEventId = 11;

    // Before what is configured, so that only a setting of the very category silences it.
    private static readonly LoggerFilterRule Audit = new(null, AuditLog.Category, LogLevel.Information, null);

    /// <summary>
    /// Writes the log in the format of <c>Logging:Format</c>: text on stderr, so that stdout stays free for what
    /// commands print, or lines in the Elastic Common Schema on stdout, where containers' logs are collected.
    /// </summary>
    /// <param name="builder">Has the configuration.</param>
    /// <param name="service">The program's name in entries.</param>
    public static IHostApplicationBuilder AddIndiiLogging(this IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddOptions<LogOptions>().BindConfiguration(LogOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LogOptions>, LogOptionsRanges>();
        builder.Services.AddSingleton<IValidateOptions<LogOptions>, LogOptionsValidator>();
        builder.Services.TryAddSingleton<AuditLog>();
        builder.Services.Configure<LoggerFilterOptions>(static filters => filters.Rules.Insert(0, Audit));

        // Serilog's own extension would switch the host's level filters off for it.
        builder.Logging.ClearProviders().AddProvider(
            new SerilogLoggerProvider(CreateLogger(builder.Configuration, service), dispose: true));
        return builder;
    }

    /// <summary>The formatter of a configuration, for whoever writes elsewhere than to the console.</summary>
    /// <param name="configuration">The configuration; what is wrong in it is told when the program starts.</param>
    /// <param name="service">The program's name in entries.</param>
    internal static (ITextFormatter Formatter, LogPseudonyms Pseudonyms) CreateFormatter(
        IConfiguration configuration, string service)
    {
        var redaction = RedactionOf(configuration);
        ITextFormatter formatter = FormatOf(configuration) == LogFormat.Ecs
            ? new EcsFormatter(Describe(configuration, service), redaction)
            : new RedactedText(redaction);
        return (formatter, redaction.Pseudonyms);
    }

    /// <summary>What takes persons and secrets out of texts, by the configured key.</summary>
    internal static LogRedaction RedactionOf(IConfiguration configuration)
    {
        var key = configuration[$"{LogOptions.Section}:{nameof(LogOptions.HashKey)}"];
        var serviceId = configuration[$"{ClusterIdentity.Section}:ServiceId"] ?? ClusterIdentity.Default;
        return new LogRedaction(new LogPseudonyms(key, serviceId));
    }

    /// <summary>What logs and traces say of this program.</summary>
    internal static LogService Describe(IConfiguration configuration, string service)
    {
        var section = configuration.GetSection(LogOptions.Section);
        return new LogService(
            service,
            Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion ?? "0",
            section[nameof(LogOptions.NodeName)] is { Length: > 0 } name ? name : Environment.MachineName,
            section[nameof(LogOptions.Environment)] is { Length: > 0 } environment
                ? environment
                : new LogOptions().Environment);
    }

    private static Serilog.Core.Logger CreateLogger(IConfiguration configuration, string service)
    {
        var (formatter, pseudonyms) = CreateFormatter(configuration, service);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.With(new PersonalProperties(pseudonyms))
            .Filter.ByExcluding(IsFailedStart);
        return FormatOf(configuration) == LogFormat.Ecs
            ? logger.WriteTo.Console(formatter).CreateLogger()
            : logger.WriteTo.Console(formatter, standardErrorFromLevel: LogEventLevel.Verbose).CreateLogger();
    }

    private static LogFormat FormatOf(IConfiguration configuration) => Enum.TryParse<LogFormat>(
        configuration[$"{LogOptions.Section}:{nameof(LogOptions.Format)}"], ignoreCase: true, out var format)
            ? format
            : LogFormat.Text;

    /// <summary>The program itself says why it does not start, in words for the person at the terminal.</summary>
    private static bool IsFailedStart(LogEvent entry) =>
        Matching.FromSource("Microsoft.Extensions.Hosting.Internal.Host")(entry)
        && entry.Properties.TryGetValue("EventId", out var id)
        && id is StructureValue { Properties: [{ Value: ScalarValue { Value: FailedStartEventId } }, ..] };
}

using IndiiMusic.Grains.Tracing;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Diagnostics;
using RabbitMQ.Client;

namespace IndiiMusic.Infrastructure.Tracing;

/// <summary>
/// Traces from HTTP through grain calls to storage. Where <c>Tracing:OtlpEndpoint</c> is empty nothing is added, so
/// that no activity is made and no call is filtered.
/// </summary>
public static class TracingHosting
{
    private const string HttpTracesPath = "/v1/traces";

    /// <summary>Adds the tracer and its exporter.</summary>
    /// <param name="builder">Has the configuration.</param>
    /// <param name="service">The program's name in traces.</param>
    public static IHostApplicationBuilder AddIndiiTracing(this IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddOptions<TracingOptions>().BindConfiguration(TracingOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TracingOptions>, TracingOptionsRanges>();
        builder.Services.AddSingleton<IValidateOptions<TracingOptions>, TracingOptionsValidator>();
        if (!IsOn(builder.Configuration))
            return builder;

        var described = LoggingHosting.Describe(builder.Configuration, service);
        builder.Services.AddSingleton(LoggingHosting.RedactionOf(builder.Configuration));
        builder.Services.AddSingleton(services => new CollectorWatch(
            services.GetRequiredService<IOptions<TracingOptions>>().Value.OtlpEndpoint,
            services.GetRequiredService<ILogger<CollectorWatch>>()));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .ConfigureResource(resource => resource.Clear().AddAttributes(
            [
                new("service.name", described.Name),
                new("service.version", described.Version),
                new("service.namespace", "indiimusic"),
                new("service.instance.id", $"{described.NodeName}-{Environment.ProcessId}"),
                new("deployment.environment.name", described.Environment),
            ]))
            .AddSource(
                Spans.SourceName,
                ActivitySources.ApplicationGrainActivitySourceName,
                ActivitySources.StorageActivitySourceName,
                "Microsoft.AspNetCore.SignalR.Server",
                MongoTelemetry.ActivitySourceName,
                RabbitMQActivitySource.PublisherSourceName,
                RabbitMQActivitySource.SubscriberSourceName)
            .AddAspNetCoreInstrumentation(http => http.Filter = static context => !IsOfOperators(context.Request.Path))
            .SetSampler(static services => new ParentBasedSampler(new RequestSampler(
                services.GetRequiredService<IOptions<TracingOptions>>().Value.SampleRatio)))
            .AddProcessor(static services => new SpanRedaction(services.GetRequiredService<LogRedaction>()))
            .AddProcessor(CreateExport));
        return builder;
    }

    /// <summary>Lets a silo's calls carry traces.</summary>
    public static ISiloBuilder AddGrainTracing(this ISiloBuilder silo) =>
        IsOn(silo.Configuration) ? silo.AddActivityPropagation() : silo;

    /// <summary>Lets a gateway's calls carry traces.</summary>
    public static IClientBuilder AddGrainTracing(this IClientBuilder client) =>
        IsOn(client.Configuration) ? client.AddActivityPropagation() : client;

    private static bool IsOn(IConfiguration configuration) =>
        configuration[$"{TracingOptions.Section}:{nameof(TracingOptions.OtlpEndpoint)}"] is { Length: > 0 };

    private static bool IsOfOperators(PathString path) => path.StartsWithSegments("/health", StringComparison.Ordinal)
        || path.StartsWithSegments("/metrics", StringComparison.Ordinal);

    private static BatchActivityExportProcessor CreateExport(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<TracingOptions>>().Value;
        var watch = services.GetRequiredService<CollectorWatch>();
        return new BatchActivityExportProcessor(new OtlpTraceExporter(new OtlpExporterOptions
        {
            Endpoint = AddressOf(options),
            Protocol = options.Protocol == TracingProtocol.Grpc
                ? OtlpExportProtocol.Grpc
                : OtlpExportProtocol.HttpProtobuf,
            Headers = options.Headers,
            TimeoutMilliseconds = (int)options.Timeout.TotalMilliseconds,
            HttpClientFactory = () => new HttpClient(watch, disposeHandler: false) { Timeout = options.Timeout },
        }));
    }

    private static Uri AddressOf(TracingOptions options)
    {
        var address = new Uri(options.OtlpEndpoint);
        return options.Protocol == TracingProtocol.HttpProtobuf && address.AbsolutePath == "/"
            ? new Uri(address, HttpTracesPath)
            : address;
    }
}

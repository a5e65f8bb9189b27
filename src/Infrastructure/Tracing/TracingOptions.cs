using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tracing;

/// <summary>Traces of requests, exported by OTLP. Section <c>Tracing</c>; read once, at the start.</summary>
public sealed class TracingOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Tracing";

    /// <summary>
    /// Where a collector listens, such as <c>http://127.0.0.1:4317</c>. Empty: no traces, and nothing is spent on them.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How it is spoken to.</summary>
    public TracingProtocol Protocol { get; set; } = TracingProtocol.Grpc;

    /// <summary>
    /// The share of requests whose traces are recorded. A caller that sends a <c>traceparent</c> decides for itself.
    /// </summary>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 0.1;

    /// <summary>Headers that the collector asks for, as <c>name=value,name=value</c>.</summary>
    [Secret]
    public string? Headers { get; set; }

    /// <summary>How long the collector may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>How a collector is spoken to.</summary>
public enum TracingProtocol
{
    /// <summary>OTLP over gRPC, by convention on port 4317.</summary>
    Grpc,

    /// <summary>OTLP over HTTP, by convention on port 4318.</summary>
    HttpProtobuf,
}

/// <summary>Holds <see cref="TracingOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class TracingOptionsRanges : IValidateOptions<TracingOptions>;

/// <summary>Holds that the address, where there is one, is one.</summary>
internal sealed class TracingOptionsValidator : IValidateOptions<TracingOptions>
{
    public ValidateOptionsResult Validate(string? name, TracingOptions options) =>
        options.OtlpEndpoint.Length == 0
        || (Uri.TryCreate(options.OtlpEndpoint, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https")
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{TracingOptions.Section}:{nameof(TracingOptions.OtlpEndpoint)} is '{options.OtlpEndpoint}'; it may "
                + "be an address such as http://127.0.0.1:4317, or empty.");
}

using System.Diagnostics;
using IndiiMusic.Infrastructure.Telemetry;
using OpenTelemetry.Trace;

namespace IndiiMusic.Infrastructure.Tracing;

/// <summary>
/// Which traces are begun: a share of those of requests. What a program does by itself, such as its looks at queues and
/// databases, begins none; nor does a grain for a request whose trace the gateway chose not to record.
/// </summary>
internal sealed class RequestSampler(double ratio) : Sampler
{
    private static readonly SamplingResult Not = new(SamplingDecision.Drop);

    private readonly TraceIdRatioBasedSampler _share = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind != ActivityKind.Server || RequestTrace.Carried is not null
            ? Not
            : _share.ShouldSample(samplingParameters);
}

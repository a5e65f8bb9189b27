using System.Collections.Concurrent;
using System.Globalization;
using Prometheus;

namespace IndiiMusic.Api.Telemetry;

/// <summary>
/// Times every request: a histogram by method, route and status, and a line in the log where Debug is on. The labels of
/// a route are found once, so that a request costs a look-up.
/// </summary>
internal sealed partial class RequestTelemetryMiddleware(
    RequestDelegate next, TimeProvider time, ILogger<RequestTelemetryMiddleware> logger)
{
    private static readonly Histogram Durations = Metrics.CreateHistogram(
        "indiimusic_http_request_duration_seconds",
        "How long requests took, by method, route and status.",
        ["method", "route", "status"],
        new HistogramConfiguration { Buckets = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10] });

    private static readonly Gauge InProgress = Metrics.CreateGauge(
        "indiimusic_http_requests_in_progress", "Requests and hub connections that are being answered now.");

    private readonly ConcurrentDictionary<(Endpoint? Route, int Status), Histogram.Child> _known = new();

    public async Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        InProgress.Inc();
        RequestTraces.Begin(context);
        try
        {
            await next(context);
        }
        finally
        {
            InProgress.Dec();
            var elapsed = time.GetElapsedTime(start);
            var status = context.Response.StatusCode;
            var route = context.GetEndpoint();
            if (!_known.TryGetValue((route, status), out var durations))
                durations = _known.GetOrAdd((route, status), Find(route, status));

            durations.Observe(elapsed.TotalSeconds);
            if (logger.IsEnabled(LogLevel.Debug))
                LogAnswered(context.Request.Method, RouteOf(route), status, elapsed.TotalMilliseconds);
        }
    }

    /// <summary>The route's template: paths hold ids of people, and tokens of invites.</summary>
    internal static string RouteOf(Endpoint? endpoint) =>
        (endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "none";

    /// <summary>Requests that no route takes share one label, whatever they ask for.</summary>
    private static Histogram.Child Find(Endpoint? endpoint, int status) => Durations.WithLabels(
        endpoint?.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var method, ..] ? method : "any",
        RouteOf(endpoint),
        status.ToString(CultureInfo.InvariantCulture));
}

using IndiiMusic.Infrastructure.Telemetry;

namespace IndiiMusic.Api.Telemetry;

/// <summary>Gives each request what its log entries, here and in the grains, can be found by.</summary>
internal static class RequestTraces
{
    /// <summary>Takes the caller's trace over, or begins one. Each call over a hub begins its own.</summary>
    public static void Begin(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(ApiRoutes.Hubs, StringComparison.Ordinal))
            return;
        var sent = context.Request.Headers.TraceParent;
        RequestTrace.Begin(sent.Count == 1 ? sent[0] : null);
    }
}

using System.Diagnostics;
using Orleans.Runtime;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// What ties together the log entries of one request, in the gateway and in the grains that it calls: the trace id of
/// W3C's Trace Context. It travels with grain calls, in Orleans's request context, whether or not traces are recorded;
/// so entries and problem details have it with no activity being made.
/// </summary>
public static class RequestTrace
{
    private const string TraceKey = "indii.trace";
    private const string ClientKey = "indii.client";

    /// <summary>
    /// The trace id of what runs here, 32 hex digits; null where no request is behind it. An activity that is not
    /// recorded may have begun here, with an id that nobody else knows; then the caller's goes first.
    /// </summary>
    public static string? Id => Recorded?.TraceId.ToHexString() ?? Carried ?? Activity.Current?.TraceId.ToHexString();

    /// <summary>The span that runs here, if it is recorded.</summary>
    public static Activity? Recorded =>
        Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity : null;

    /// <summary>The trace id that came with the call; null where none did.</summary>
    public static string? Carried => RequestContext.Get(TraceKey) as string;

    /// <summary>Where the request came from, shortened; null where nobody noted it.</summary>
    public static string? Client => RequestContext.Get(ClientKey) as string;

    /// <summary>Begins a request: takes its caller's trace id over, or makes one.</summary>
    /// <param name="traceParent">The header <c>traceparent</c>, if there was one.</param>
    /// <returns>The trace id.</returns>
    public static string Begin(string? traceParent = null)
    {
        var id = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId
            : traceParent is not null && ActivityContext.TryParse(traceParent, null, out var caller) ? caller.TraceId
            : ActivityTraceId.CreateRandom();
        var text = id.ToHexString();
        RequestContext.Set(TraceKey, text);
        return text;
    }

    /// <summary>Notes where the request came from, for audit entries.</summary>
    /// <param name="shortenedAddress">See <see cref="ClientAddress.Shorten"/>.</param>
    public static void NoteClient(string shortenedAddress) => RequestContext.Set(ClientKey, shortenedAddress);
}

using System.Diagnostics;
using Orleans.Runtime;

namespace IndiiMusic.Grains.Tracing;

/// <summary>
/// This product's own spans: what Orleans and the drivers do not tell of themselves. While nobody listens a span costs
/// one look at a field, and is null.
/// </summary>
public static class Spans
{
    /// <summary>The source that a tracer listens to.</summary>
    public const string SourceName = "IndiiMusic";

    private const string CarriedKey = "indii.span";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool AreOn => Source.HasListeners();

    /// <summary>Begins a step of what runs here. What nobody asked for begins no trace of its own.</summary>
    /// <param name="name">What is done: one of few names.</param>
    /// <param name="kind">Whether it calls another program.</param>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Client) =>
        Source.HasListeners() && Activity.Current is not null ? Source.StartActivity(name, kind) : null;

    /// <summary>Begins what several requests share: a part of the first one's trace that names the others.</summary>
    /// <param name="name">What is done: one of few names.</param>
    /// <param name="kind">What it is in the way of the message.</param>
    /// <param name="requests">The spans that asked for it; those of none are left out.</param>
    public static Activity? StartShared(string name, ActivityKind kind, IEnumerable<ActivityContext> requests)
    {
        if (!Source.HasListeners())
            return null;
        var known = requests.Where(static request => request.TraceId != default).ToArray();
        return known.Length == 0
            ? null
            : Source.StartActivity(
                name, kind, known[0], links: known.Skip(1).Select(static other => new ActivityLink(other)));
    }

    /// <summary>Lets messages sent from here on carry a span, in the request context that goes with them.</summary>
    public static void Carry(Activity? span)
    {
        if (span?.Id is { } id)
            RequestContext.Set(CarriedKey, id);
        else
            RequestContext.Remove(CarriedKey);
    }

    /// <summary>Begins what a message asks for, as a part of the trace that it carries.</summary>
    /// <param name="name">What is done: one of few names.</param>
    /// <param name="kind">What it is in the way of the message.</param>
    public static Activity? StartCarried(string name, ActivityKind kind) =>
        Source.HasListeners()
        && RequestContext.Get(CarriedKey) is string id
        && ActivityContext.TryParse(id, null, isRemote: true, out var sender)
            ? Source.StartActivity(name, kind, sender)
            : null;

    /// <summary>Notes that a step failed; the reason stands in the log.</summary>
    public static void Fail(this Activity? span, Exception failure)
    {
        if (span is null)
            return;
        span.SetTag("error.type", failure.GetType().FullName);
        span.SetStatus(ActivityStatusCode.Error);
    }
}

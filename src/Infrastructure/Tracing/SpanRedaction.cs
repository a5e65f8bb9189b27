using System.Collections.Frozen;
using System.Diagnostics;
using IndiiMusic.Infrastructure.Telemetry;
using OpenTelemetry;

namespace IndiiMusic.Infrastructure.Tracing;

/// <summary>
/// Keeps persons and secrets out of spans before they are exported: addresses, queries and paths go, as the route says
/// what was called, and all other texts are searched as those of the log are.
/// </summary>
internal sealed class SpanRedaction(LogRedaction redaction) : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Left = new[]
    {
        "url.query", "url.full", "url.path", "client.address", "client.port", "network.peer.address",
        "network.peer.port", "user_agent.original", "enduser.id", "db.query.text", "exception.stacktrace",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Events.Any())
        {
            // What a driver says of an exception there can be neither searched nor taken out.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        foreach (var (name, value) in data.TagObjects.ToArray())
        {
            if (Left.Contains(name))
                data.SetTag(name, null);
            else if (value is string text)
                data.SetTag(name, redaction.Clean(text, isOwn: false));
        }

        data.DisplayName = redaction.Clean(data.DisplayName, isOwn: false);
        if (data.StatusDescription is { } description)
            data.SetStatus(data.Status, redaction.Clean(description, isOwn: false));
    }
}

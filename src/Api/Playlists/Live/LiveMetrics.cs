using Prometheus;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>What an operator sees of live editing. No label holds an id.</summary>
internal static class LiveMetrics
{
    /// <summary>Connections to the hub.</summary>
    public static readonly Gauge Connections = Metrics.CreateGauge(
        "indiimusic_live_connections", "Connections to the playlist hub.");

    /// <summary>Playlists that somebody watches through this process.</summary>
    public static readonly Gauge Rooms = Metrics.CreateGauge(
        "indiimusic_live_rooms", "Playlists that somebody watches through this process.");

    /// <summary>Clients in those rooms; a connection counts once for each.</summary>
    public static readonly Gauge Members = Metrics.CreateGauge(
        "indiimusic_live_members", "Clients in rooms; a connection counts once for each playlist that it watches.");

    /// <summary>Messages written to clients, by what they call.</summary>
    public static readonly Counter Messages = Metrics.CreateCounter(
        "indiimusic_live_messages_total", "Messages written to clients.", "method");

    /// <summary>Versions that a message with changes carries.</summary>
    public static readonly Histogram VersionsPerMessage = Metrics.CreateHistogram(
        "indiimusic_live_versions_per_message",
        "Versions that one message with changes carries, by message and not by client.",
        new HistogramConfiguration { Buckets = [0, 1, 2, 5, 10, 20, 50, 100, 1_000] });

    /// <summary>Clients that were taken out of a room, by reason.</summary>
    public static readonly Counter CutOffs = Metrics.CreateCounter(
        "indiimusic_live_cut_offs_total", "Clients taken out of a room against their will.", "reason");

    /// <summary>Questions for missing versions, by who asks.</summary>
    public static readonly Counter CatchUps = Metrics.CreateCounter(
        "indiimusic_live_catch_ups_total", "Questions for missing versions: of a room, or of one client.", "who");

    /// <summary>Notifications that found no room in an inbox.</summary>
    public static readonly Counter Dropped = Metrics.CreateCounter(
        "indiimusic_live_dropped_notifications_total", "Notifications that found a room's inbox full.");

    /// <summary>Reasons of <see cref="CutOffs"/>, beside those of <see cref="ClosedReason"/>.</summary>
    public const string Slow = "slow";

    /// <inheritdoc cref="Slow"/>
    public const string SignedOut = "signed-out";

    /// <summary>Makes all series, so that the first of a kind is seen as a rise.</summary>
    public static void Prepare()
    {
        foreach (var method in (string[])
            [
                nameof(IPlaylistClient.Changed), nameof(IPlaylistClient.Snapshot),
                nameof(IPlaylistClient.PresenceChanged), nameof(IPlaylistClient.Closed),
            ])
        {
            Messages.WithLabels(method);
        }

        foreach (var reason in Enum.GetValues<ClosedReason>())
            CutOffs.WithLabels(WordOf(reason));
        CutOffs.WithLabels(Slow);
        CatchUps.WithLabels("room");
        CatchUps.WithLabels("client");
    }

    /// <summary>How a reason reads in <see cref="CutOffs"/>.</summary>
    public static string WordOf(ClosedReason reason) =>
        reason == ClosedReason.SignedOut ? SignedOut : reason.ToString().ToLowerInvariant();
}

namespace IndiiMusic.Grains;

/// <summary>
/// The streams that carry published events from the grains that own them to those that follow them. Consumers
/// subscribe implicitly ([ImplicitStreamSubscription]) and are idempotent on (stream, version).
/// </summary>
public static class EventStreams
{
    /// <summary>The name of the stream provider.</summary>
    public const string Provider = "events";

    /// <summary>
    /// The namespace of playlists' streams: every durable batch as <c>PlaylistChanges</c>, keyed by playlist id. A
    /// change of very many entries comes in pieces of one version, in order, perhaps in several messages.
    /// </summary>
    public const string Playlists = "playlists";
}

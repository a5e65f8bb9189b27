namespace IndiiMusic.Grains;

/// <summary>
/// The streams that carry published events from the grains that own them to those that follow them. Consumers
/// subscribe implicitly ([ImplicitStreamSubscription]) and are idempotent on (stream, version).
/// </summary>
/// <remarks>
/// Messages of one stream come in order, except that one may come again, and that one which could not be published at
/// first comes late, after newer ones. So a consumer decides by version what is news, and never by what came last.
/// Libraries do: they keep, per playlist, the version that their role stems from.
/// </remarks>
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

/// <summary>What the stream provider promises of a message that it accepted.</summary>
public enum EventStreamPromise
{
    /// <summary>Nothing: it lies in memory. A batch leaves the outbox when it was handled.</summary>
    LostWithTheProcess,

    /// <summary>It is delivered until it is handled. A batch leaves the outbox when it was accepted.</summary>
    KeptOnceAccepted,
}

/// <summary>Set by whoever adds the stream provider <see cref="EventStreams.Provider"/>; no configuration.</summary>
public sealed class EventStreamOptions
{
    /// <summary>The least, unless the provider says more.</summary>
    public EventStreamPromise Promise { get; set; } = EventStreamPromise.LostWithTheProcess;
}

using System.ComponentModel.DataAnnotations;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>The bounds of live editing. Section <c>Live</c>.</summary>
public sealed class LiveOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Live";

    /// <summary>
    /// Bytes of one message from a client. 32 KiB hold an operation of 500 tracks (20 KB); more is sent over REST.
    /// SignalR closes a connection that goes over it.
    /// </summary>
    [Range(4 * 1024, 1024 * 1024)]
    public int MessageBytesMax { get; set; } = 32 * 1024;

    /// <summary>Playlists that one connection may have joined at once.</summary>
    [Range(1, 10_000)]
    public int RoomsPerConnectionMax { get; set; } = 50;

    /// <summary>Changes that a room keeps for clients that come back, as does the playlist itself.</summary>
    [Range(10, 100_000)]
    public int ChangesKeptMax { get; set; } = 1_000;

    /// <summary>Bytes of changes that a room keeps.</summary>
    [Range(16 * 1024, 64 * 1024 * 1024)]
    public int ChangesKeptBytesMax { get; set; } = 512 * 1024;

    /// <summary>Bytes of changes that one message to a client carries, unless a single change is larger.</summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int ChangesPerMessageBytesMax { get; set; } = 128 * 1024;

    /// <summary>How long a client may take for one message before it is cut off.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan SlowClientTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages with changes that a room sends each client per second under lasting load.</summary>
    [Range(1, 1_000)]
    public double SendsPerSecond { get; set; } = 30;

    /// <summary>Messages with changes that go out at once before <see cref="SendsPerSecond"/> holds.</summary>
    [Range(1, 1_000)]
    public int SendsBurst { get; set; } = 10;

    /// <summary>
    /// How often at least a room asks its playlist for news, so that a lost notification is found though nothing
    /// follows it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a room waits for a version that it knows to exist before it asks for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MissingVersionPatience { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a room waits for its playlist before it tries again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Updates of who is present per second and room; fewer in large rooms.</summary>
    [Range(1, 100)]
    public double PresenceUpdatesPerSecond { get; set; } = 10;

    /// <summary>People that an update of who is present names.</summary>
    [Range(1, 10_000)]
    public int PresencePeopleMax { get; set; } = 100;

    /// <summary>Steps that wait in a room; notifications beyond it are dropped and asked for later.</summary>
    [Range(16, 1_000_000)]
    public int InboxMax { get; set; } = 4_096;

    /// <summary>How often the server shows an idle client that it is there.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After how long a silent client is taken to be gone; twice the interval at the least.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:20:00")]
    public TimeSpan ClientTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;
using IndiiMusic.Infrastructure.EventLog;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>The cluster's database: events, grain state, reminders, the catalog and the import ledger.</summary>
public sealed class MongoDbOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Storage:MongoDb";

    /// <summary>
    /// Where the servers are, as <c>mongodb://</c> or <c>mongodb+srv://</c>. It may hold a password, so nothing prints
    /// it. A service that knows no retryable writes needs <c>retryWrites=false</c> in it.
    /// </summary>
    [Secret]
    public string ConnectionString { get; set; } = "";

    /// <summary>The database that holds the collections.</summary>
    public string Database { get; set; } = "indiimusic";

    /// <summary>What every collection's name begins with, so that several platforms can share a database.</summary>
    public string CollectionPrefix { get; set; } = "";

    /// <summary>Connections to each server that stay open while nobody needs them.</summary>
    [Range(0, 1_000)]
    public int ConnectionsMin { get; set; }

    /// <summary>Connections to each server at most; a further operation waits for one.</summary>
    [Range(1, 10_000)]
    public int ConnectionsMax { get; set; } = 100;

    /// <summary>How long making a connection may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an operation waits for a server that takes it, such as a new primary.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ServerSelectionTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long one operation may take in all, its waiting and the driver's own retries with it. After that its outcome
    /// is unknown. Gateways wait for a grain's answer a little longer than this, so that they hear of it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long the start waits for the database before it gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StartPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether scans (the outbox, the catalog) may be answered by secondaries, which can be a little behind. A stream
    /// and a state are always read from the primary.
    /// </summary>
    public bool ScansFromSecondaries { get; set; }

    /// <summary>
    /// Whether reading a stream to its end asks the primary to make sure that it still is one. A server that cannot is
    /// noticed by itself.
    /// </summary>
    public bool ConfirmEnds { get; set; } = true;

    /// <summary>How long a batch that was published may wait before it is marked so, together with others.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan DeferredWriteDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How densely old snapshots are kept: reading a version d behind the newest replays at most d divided by this more
    /// events than if all were kept; see <see cref="SnapshotThinning"/>.
    /// </summary>
    [Range(1, 1_000)]
    public int SnapshotDensity { get; set; } = 8;

    /// <summary>
    /// Bytes of bodies that one document holds; what is larger goes on in others. Half of what MongoDB takes, so that
    /// the rest of a document never matters.
    /// </summary>
    internal int BodyBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>Pieces that belong to nothing are left alone until they are this old.</summary>
    internal TimeSpan OrphanAge { get; set; } = TimeSpan.FromDays(1);
}

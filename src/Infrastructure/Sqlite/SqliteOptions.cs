using System.ComponentModel.DataAnnotations;
using IndiiMusic.Infrastructure.EventLog;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>The embedded database of Standalone: events, grain state and reminders in one file.</summary>
public sealed class SqliteOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Storage:Sqlite";

    /// <summary>
    /// The database file. Two files beside it belong to it: <c>-wal</c> and <c>-shm</c>. Its folder is made when
    /// missing.
    /// </summary>
    [Required]
    public string File { get; set; } = Path.Combine("data", "indii.db");

    /// <summary>How long a statement waits for another process that holds the file's lock.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Writes that may wait for the writer; a further one waits for a place.</summary>
    [Range(1, 1_000_000)]
    public int QueuedWritesMax { get; set; } = 10_000;

    /// <summary>Writes that share one commit at most.</summary>
    [Range(1, 100_000)]
    public int WritesPerCommitMax { get; set; } = 2_000;

    /// <summary>How long a write that nobody waits for may stay in memory before it is committed by itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan DeferredWriteDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>While the file cannot be written, how often an idle writer tries whether it can be again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Read connections that stay open while nobody reads.</summary>
    [Range(1, 1_000)]
    public int IdleReadConnectionsMax { get; set; } = 8;

    /// <summary>Bytes of batches that one page of a streaming read holds in memory, give or take one batch.</summary>
    [Range(4_096, 1_073_741_824)]
    public int ReadPageBytes { get; set; } = 1_048_576;

    /// <summary>
    /// How densely old snapshots are kept: reading a version d behind the newest replays at most d divided by this more
    /// events than if all were kept; see <see cref="SnapshotThinning"/>.
    /// </summary>
    [Range(1, 1_000)]
    public int SnapshotDensity { get; set; } = 8;

    /// <summary>Pages that the file may have, so that a test can fill it; null for no bound.</summary>
    internal long? PagesMax { get; set; }
}

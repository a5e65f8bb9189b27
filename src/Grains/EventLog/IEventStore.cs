namespace IndiiMusic.Grains.EventLog;

/// <summary>
/// Keeps event streams: batches in version order, snapshots beside them, and an outbox of what was not published yet.
/// A stream has one writer at a time; the key (stream, first version) fences a second one.
/// </summary>
public interface IEventStore
{
    /// <summary>
    /// Appends one batch durably and enters it in the outbox, both or neither. When it returns, the batch survives
    /// power loss.
    /// </summary>
    /// <exception cref="EventStoreConflictException">A batch with this first version is there already.</exception>
    /// <exception cref="EventStoreUnavailableException">It was not written, or nobody knows whether it was.</exception>
    Task AppendAsync(EventBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the batches that hold versions at or after <paramref name="fromVersion"/> up to
    /// <paramref name="toVersion"/>, in order. The first may begin before <paramref name="fromVersion"/>.
    /// </summary>
    IAsyncEnumerable<EventBatch> ReadAsync(
        string stream, long fromVersion, long toVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Reads at most <paramref name="batchesMax"/> batches that begin at or before <paramref name="fromVersion"/>,
    /// newest first.
    /// </summary>
    IAsyncEnumerable<EventBatch> ReadBackwardsAsync(
        string stream, long fromVersion, int batchesMax, CancellationToken cancellationToken);

    /// <summary>The newest snapshot at or before a version; null when there is none.</summary>
    Task<EventSnapshot?> ReadSnapshotAsync(string stream, long atOrBeforeVersion, CancellationToken cancellationToken);

    /// <summary>Keeps a snapshot, all its parts or none. Writing the same version again changes nothing.</summary>
    Task WriteSnapshotAsync(EventSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a batch out of the outbox. It may reach the disk later than it returns: a batch can be published twice,
    /// never not at all.
    /// </summary>
    ValueTask MarkPublishedAsync(string stream, long firstVersion, CancellationToken cancellationToken);

    /// <summary>The batches still in the outbox that were appended before a time, oldest first.</summary>
    /// <param name="appendedBefore">Leaves alone what its own writer is about to publish.</param>
    /// <param name="batchesMax">How many at most.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    IAsyncEnumerable<EventBatch> ReadUnpublishedAsync(
        DateTimeOffset appendedBefore, int batchesMax, CancellationToken cancellationToken);

    /// <summary>
    /// How much is in the outbox, and since when. For operators: cheap, and not exact while it changes.
    /// </summary>
    /// <param name="batchesMax">Beyond this it does not count on.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    Task<OutboxStanding> ReadOutboxAsync(int batchesMax, CancellationToken cancellationToken);
}

/// <summary>What waits in the outbox.</summary>
/// <param name="Batches">How many batches, up to what was asked for.</param>
/// <param name="OldestAt">When the oldest was appended; null while there is none.</param>
public sealed record OutboxStanding(int Batches, DateTimeOffset? OldestAt);

/// <summary>One durable record: all the events that one write carried.</summary>
/// <param name="Stream">The stream's key, such as <c>playlist/0197…</c>.</param>
/// <param name="FirstVersion">The version that its first event makes; the first of a stream makes version 1.</param>
/// <param name="EventCount">How many events it holds, at least one.</param>
/// <param name="AppendedAt">When it was decided.</param>
/// <param name="Body">A UTF-8 JSON document; the store does not look into it.</param>
public sealed record EventBatch(
    string Stream, long FirstVersion, int EventCount, DateTimeOffset AppendedAt, ReadOnlyMemory<byte> Body)
{
    /// <summary>The version that its last event makes.</summary>
    public long LastVersion => FirstVersion + EventCount - 1;
}

/// <summary>The state of a stream at a version.</summary>
/// <param name="Stream">The stream's key.</param>
/// <param name="Version">The version of the last event that went into it.</param>
/// <param name="Parts">UTF-8 JSON documents, in order, each of at most <see cref="PartBytesMax"/> bytes.</param>
public sealed record EventSnapshot(string Stream, long Version, IReadOnlyList<ReadOnlyMemory<byte>> Parts)
{
    /// <summary>Far below the 16 MB that a MongoDB document may have.</summary>
    public const int PartBytesMax = 4 * 1024 * 1024;
}

/// <summary>Another writer was first. Nothing of this batch was written.</summary>
public sealed class EventStoreConflictException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The store does not take or answer now; whether a batch was written is not known.</summary>
public sealed class EventStoreUnavailableException(string message, Exception? cause = null)
    : Exception(message, cause);

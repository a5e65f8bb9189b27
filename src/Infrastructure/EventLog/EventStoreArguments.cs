using IndiiMusic.Grains.EventLog;

namespace IndiiMusic.Infrastructure.EventLog;

/// <summary>What no event store takes, whichever database is behind it. It is a defect of the caller.</summary>
internal static class EventStoreArguments
{
    /// <exception cref="ArgumentException">The batch can be part of no stream.</exception>
    public static void Check(EventBatch batch)
    {
        if (string.IsNullOrEmpty(batch.Stream))
            throw new ArgumentException("A batch belongs to a named stream.", nameof(batch));
        if (batch.FirstVersion < 1 || batch.EventCount < 1)
        {
            throw new ArgumentException(
                $"A batch holds at least one event and begins at version 1 or later; this one holds {batch.EventCount} "
                + $"and begins at {batch.FirstVersion}.",
                nameof(batch));
        }
    }

    /// <exception cref="ArgumentException">The snapshot is empty, or a part is too large.</exception>
    public static void Check(EventSnapshot snapshot)
    {
        if (string.IsNullOrEmpty(snapshot.Stream))
            throw new ArgumentException("A snapshot belongs to a named stream.", nameof(snapshot));
        if (snapshot.Parts.Count == 0)
            throw new ArgumentException("A snapshot has at least one part.", nameof(snapshot));
        if (snapshot.Parts.Any(part => part.Length > EventSnapshot.PartBytesMax))
        {
            throw new ArgumentException(
                $"A part of a snapshot has at most {EventSnapshot.PartBytesMax} bytes.", nameof(snapshot));
        }
    }
}

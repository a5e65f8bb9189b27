using System.Runtime.CompilerServices;
using IndiiMusic.Grains.EventLog;

namespace IndiiMusic.Grains.Tests.Playlists;

/// <summary>An event store in memory that fails when it is told to.</summary>
internal sealed class InMemoryEventStore : IEventStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<long, EventBatch>> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<long, EventSnapshot>> _snapshots = new(StringComparer.Ordinal);

    private readonly Dictionary<(string Stream, long FirstVersion), EventBatch> _outbox = [];

    /// <summary>Batches that nobody has taken out of the outbox.</summary>
    public int OutboxCount
    {
        get
        {
            lock (_lock)
            {
                return _outbox.Count;
            }
        }
    }

    /// <summary>Asked before each append: what becomes of it.</summary>
    public Func<EventBatch, AppendFate> Fate { get; set; } = _ => AppendFate.Succeeds;

    /// <summary>Appends wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public bool IsReadable { get; set; } = true;

    public int Appends { get; private set; }

    public int SnapshotsWritten { get; private set; }

    public async Task AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (Gate is { } gate)
        {
            await gate.Task;
        }

        var fate = Fate(batch);
        if (fate == AppendFate.FailsBefore)
        {
            throw new EventStoreUnavailableException("The disk is full.");
        }

        lock (_lock)
        {
            var stream = StreamOf(batch.Stream);
            var last = stream.Count == 0 ? 0 : stream.Values.Last().LastVersion;
            if (batch.FirstVersion != last + 1)
            {
                throw new EventStoreConflictException("Somebody was first.");
            }

            stream.Add(batch.FirstVersion, batch);
            _outbox.Add((batch.Stream, batch.FirstVersion), batch);
            Appends++;
        }

        if (fate == AppendFate.FailsAfter)
        {
            throw new EventStoreUnavailableException("The connection was lost.");
        }
    }

    public async IAsyncEnumerable<EventBatch> ReadAsync(
        string stream, long fromVersion, long toVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var batch in All(stream).Where(batch => batch.LastVersion >= fromVersion && batch.FirstVersion <= toVersion))
        {
            yield return batch;
        }
    }

    public async IAsyncEnumerable<EventBatch> ReadBackwardsAsync(
        string stream, long fromVersion, int batchesMax, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var batch in All(stream).Reverse().Where(batch => batch.FirstVersion <= fromVersion).Take(batchesMax))
        {
            yield return batch;
        }
    }

    public Task<OutboxStanding> ReadOutboxAsync(int batchesMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new OutboxStanding(
                Math.Min(batchesMax, _outbox.Count),
                _outbox.Count == 0 ? null : _outbox.Values.Min(batch => batch.AppendedAt)));
        }
    }

    public Task<EventSnapshot?> ReadSnapshotAsync(string stream, long atOrBeforeVersion, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_snapshots.GetValueOrDefault(stream)?.Values
                .LastOrDefault(snapshot => snapshot.Version <= atOrBeforeVersion));
        }
    }

    public Task WriteSnapshotAsync(EventSnapshot snapshot, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_snapshots.TryGetValue(snapshot.Stream, out var snapshots))
            {
                _snapshots.Add(snapshot.Stream, snapshots = []);
            }

            snapshots[snapshot.Version] = snapshot;
            SnapshotsWritten++;
        }

        return Task.CompletedTask;
    }

    public ValueTask MarkPublishedAsync(string stream, long firstVersion, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _outbox.Remove((stream, firstVersion));
        }

        return default;
    }

    public async IAsyncEnumerable<EventBatch> ReadUnpublishedAsync(
        DateTimeOffset appendedBefore, int batchesMax, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        EventBatch[] waiting;
        lock (_lock)
        {
            waiting = [.. _outbox.Values.Where(batch => batch.AppendedAt < appendedBefore).Take(batchesMax)];
        }

        foreach (var batch in waiting)
        {
            yield return batch;
        }
    }

    private EventBatch[] All(string stream)
    {
        if (!IsReadable)
        {
            throw new EventStoreUnavailableException("The store does not answer.");
        }

        lock (_lock)
        {
            return [.. StreamOf(stream).Values];
        }
    }

    private SortedDictionary<long, EventBatch> StreamOf(string stream)
    {
        if (!_streams.TryGetValue(stream, out var batches))
        {
            _streams.Add(stream, batches = []);
        }

        return batches;
    }
}

internal enum AppendFate
{
    Succeeds,
    FailsBefore,
    FailsAfter,
}

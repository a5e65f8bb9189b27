using Orleans.Runtime;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.RabbitMq;

/// <summary>
/// What was received of one queue and not acknowledged yet, stream by stream. Unlike Orleans's own caches it settles
/// each message by itself, so that a stream whose consumer is stuck holds up nobody else; it offers a refused message
/// again, before any later one of its stream, until it was refused too often; and it says what became of each. The
/// broker's prefetch bounds it.
/// </summary>
/// <remarks>Runs on the scheduler of the agent that reads the queue, alone.</remarks>
internal sealed class RabbitMqQueueCache(int deliveryLimit, RabbitMqSignal signal) : IQueueCache
{
    private const int AddedAtOnceMax = 256;

    private readonly int _deliveryLimit = deliveryLimit;
    private readonly Dictionary<StreamId, Backlog> _backlogs = [];
    private readonly HashSet<Backlog> _changed = [];

    public int GetMaxAddCount() => AddedAtOnceMax;

    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var batch in messages.Cast<RabbitMqBatch>())
        {
            var backlog = BacklogOf(batch.StreamId);
            var delivery = batch.Delivery ?? throw new ArgumentException("It was not received.", nameof(messages));
            backlog.Waiting.Add(delivery);
            _changed.Add(backlog);
        }
    }

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        var settled = new List<IBatchContainer>();
        foreach (var backlog in _changed)
        {
            backlog.Settle(settled);
            if (backlog.IsUnused)
                _backlogs.Remove(backlog.StreamId);
        }

        _changed.Clear();
        purgedItems = settled;
        return settled.Count > 0;
    }

    /// <summary>
    /// A reader of a stream from a place on; without one it begins with the oldest message that is left, as none may be
    /// missed.
    /// </summary>
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        new Cursor(this, BacklogOf(streamId), token?.SequenceNumber ?? 0);

    private Backlog BacklogOf(StreamId streamId)
    {
        if (!_backlogs.TryGetValue(streamId, out var backlog))
            _backlogs.Add(streamId, backlog = new Backlog(streamId));
        return backlog;
    }

    private void Change(Backlog backlog)
    {
        _changed.Add(backlog);
        signal.Give();
    }

    private sealed class Backlog(StreamId streamId)
    {
        public StreamId StreamId { get; } = streamId;

        public List<RabbitMqDelivery> Waiting { get; } = [];

        public List<Cursor> Cursors { get; } = [];

        public bool IsUnused => Waiting.Count == 0 && Cursors.Count == 0;

        /// <summary>Takes out what every reader has passed; without any reader, everything.</summary>
        public void Settle(List<IBatchContainer> settled)
        {
            var reached = Cursors.Count == 0 ? long.MaxValue : Cursors.Min(static cursor => cursor.Next);
            var count = 0;
            while (count < Waiting.Count && Waiting[count].Batch.Place.SequenceNumber < reached)
                settled.Add(Waiting[count++].Batch);
            Waiting.RemoveRange(0, count);
        }
    }

    private sealed class Cursor : IQueueCacheCursor
    {
        private readonly RabbitMqQueueCache _cache;
        private readonly Backlog _backlog;
        private RabbitMqDelivery? _current;
        private bool _isRefused;

        public Cursor(RabbitMqQueueCache cache, Backlog backlog, long from)
        {
            _cache = cache;
            _backlog = backlog;
            Next = from;
            backlog.Cursors.Add(this);
        }

        /// <summary>The place that it has not passed yet.</summary>
        public long Next { get; private set; }

        public IBatchContainer? GetCurrent(out Exception? exception)
        {
            exception = null;
            return _current?.Batch;
        }

        public bool MoveNext()
        {
            Leave();
            foreach (var delivery in _backlog.Waiting)
            {
                // What its channel cannot acknowledge any more comes again.
                if (delivery.Batch.Place.SequenceNumber < Next || delivery.IsLost)
                    continue;
                _current = delivery;
                Pass(delivery.Batch.Place.SequenceNumber);
                return true;
            }

            if (_backlog.Waiting.Count > 0)
                Pass(_backlog.Waiting[^1].Batch.Place.SequenceNumber + 1);
            return false;
        }

        public void Refresh(StreamSequenceToken token)
        {
            // It finds what was added by its place.
        }

        public void RecordDeliveryFailure()
        {
            if (_current is null)
                return;
            _current.Fail();
            _isRefused = true;
        }

        public void Dispose()
        {
            // What is disposed of while it delivers has not handled it.
            _backlog.Cursors.Remove(this);
            _cache.Change(_backlog);
        }

        private void Leave()
        {
            if (_current is not { } left)
                return;
            _current = null;
            if (!_isRefused)
            {
                if (left.Outcome == RabbitMqOutcome.Unclaimed)
                    left.Outcome = RabbitMqOutcome.Handled;
                Pass(left.Batch.Place.SequenceNumber + 1);
            }
            else if (left.Failures >= _cache._deliveryLimit)
            {
                left.Outcome = RabbitMqOutcome.Refused;
                Pass(left.Batch.Place.SequenceNumber + 1);
            }

            _isRefused = false;
        }

        private void Pass(long place)
        {
            if (place <= Next)
                return;
            Next = place;
            _cache.Change(_backlog);
        }
    }
}

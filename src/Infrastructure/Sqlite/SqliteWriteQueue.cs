namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// What waits for the writer's thread: jobs that somebody waits for, bounded, and deferred work that goes along with
/// the next of them, or alone once it is old enough. Any thread adds; one takes.
/// </summary>
internal sealed class SqliteWriteQueue(SqliteOptions options, TimeProvider time) : IDisposable
{
    /// <summary>
    /// Deferred work kept at most; beyond it the new is dropped, which its owner must be able to bear.
    /// </summary>
    internal const int DeferredMax = 100_000;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly SemaphoreSlim _places = new(options.QueuedWritesMax);
    private readonly Queue<SqliteJob> _jobs = new();
    private readonly List<Action<SqliteSession>> _deferred = [];
    private long _deferredSince;
    private bool _closed;

    /// <summary>How many jobs wait.</summary>
    public int Length
    {
        get
        {
            lock (_gate)
                return _jobs.Count;
        }
    }

    /// <summary>Adds a job; waits while the queue is full.</summary>
    /// <exception cref="ObjectDisposedException">The writer has stopped.</exception>
    public async ValueTask AddAsync(SqliteJob job, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteWriter));
            _jobs.Enqueue(job);
        }

        _arrived.Set();
    }

    /// <summary>Adds deferred work.</summary>
    public void Defer(Action<SqliteSession> work)
    {
        lock (_gate)
        {
            if (_deferred.Count >= DeferredMax)
                return;
            _deferred.Add(work);
            if (_deferred.Count > 1)
                return;
            _deferredSince = time.GetTimestamp();
        }

        // The writer wakes up to learn that it has something to wait for.
        _arrived.Set();
    }

    /// <summary>Puts deferred work back whose commit failed; it then waits its time again.</summary>
    public void DeferAgain(List<Action<SqliteSession>> work)
    {
        lock (_gate)
        {
            var room = Math.Min(work.Count, DeferredMax - _deferred.Count);
            _deferred.InsertRange(0, work.GetRange(work.Count - room, room));
            _deferredSince = time.GetTimestamp();
        }
    }

    /// <summary>Waits until there is work, the time is up, or the queue is closed and empty.</summary>
    /// <param name="jobs">Receives the jobs.</param>
    /// <param name="deferred">Receives the deferred work that goes with them.</param>
    /// <param name="waitMax">How long to wait at most; <see cref="TimeSpan.MaxValue"/> for no bound.</param>
    /// <returns>False when nothing will ever come again.</returns>
    public bool Take(List<SqliteJob> jobs, List<Action<SqliteSession>> deferred, TimeSpan waitMax)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            TimeSpan wait;
            lock (_gate)
            {
                var deferredWait = _deferred.Count > 0
                    ? Left(options.DeferredWriteDelay, _deferredSince)
                    : TimeSpan.MaxValue;
                var ownWait = waitMax == TimeSpan.MaxValue ? TimeSpan.MaxValue : Left(waitMax, start);
                wait = deferredWait < ownWait ? deferredWait : ownWait;
                if (_jobs.Count > 0 || _closed || wait <= TimeSpan.Zero)
                {
                    TakeJobs(jobs);
                    if (jobs.Count > 0 || _closed || deferredWait <= TimeSpan.Zero)
                        TakeDeferred(deferred);
                    return jobs.Count > 0 || deferred.Count > 0 || !_closed;
                }
            }

            _arrived.WaitOne(wait == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : wait);
        }
    }

    /// <summary>Takes no more jobs; those that are there can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
            _closed = true;
        _arrived.Set();
    }

    public void Dispose()
    {
        _arrived.Dispose();
        _places.Dispose();
    }

    private void TakeJobs(List<SqliteJob> jobs)
    {
        while (jobs.Count < options.WritesPerCommitMax && _jobs.TryDequeue(out var job))
            jobs.Add(job);
        if (jobs.Count > 0)
            _places.Release(jobs.Count);
    }

    private void TakeDeferred(List<Action<SqliteSession>> deferred)
    {
        deferred.AddRange(_deferred);
        _deferred.Clear();
    }

    private TimeSpan Left(TimeSpan wait, long since) => wait - time.GetElapsedTime(since);
}

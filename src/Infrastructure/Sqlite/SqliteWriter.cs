using IndiiMusic.Grains.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// The only writer of the database: one connection on one thread. It takes everything that waits, runs it in one
/// transaction and commits once, so that the cost of reaching the disk is shared by all grains; what arrives meanwhile
/// makes up the next transaction. Nothing waits for company: a lone write is committed at once.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private const int ProbeBytes = 65_536;

    private readonly SqliteDatabase _database;
    private readonly SqliteHealth _health;
    private readonly SqliteOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteWriter> _logger;
    private readonly SqliteWriteQueue _queue;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;
    private long _commits;

    public SqliteWriter(
        SqliteDatabase database,
        SqliteHealth health,
        IOptions<SqliteOptions> options,
        TimeProvider time,
        ILogger<SqliteWriter> logger)
    {
        _database = database;
        _health = health;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _queue = new SqliteWriteQueue(_options, time);
        new Thread(Work) { Name = "sqlite-writer", IsBackground = true }.Start();
    }

    /// <summary>How many transactions reached the disk.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>
    /// Writes, and returns the result once it is on disk. Cancelling helps only while the queue has no place.
    /// </summary>
    /// <exception cref="SqliteUnavailableException">It is not written, or nobody knows whether it is.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("sqlite write");
        span?.SetTag("db.system.name", "sqlite");
        var job = new SqliteJob<T>(work);
        try
        {
            await _queue.AddAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException failure)
        {
            throw new SqliteUnavailableException($"The database {_database.File} is closed.", failure);
        }

        return await job.Done.ConfigureAwait(false);
    }

    /// <summary>
    /// Writes soon, with the next commit or by itself. A crash before that loses it, and so can a long outage.
    /// </summary>
    public void WriteLater(Action<SqliteSession> work) => _queue.Defer(work);

    /// <summary>Writes what still waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _stopped.Task.ConfigureAwait(false);
        _queue.Dispose();
    }

    private void Work()
    {
        var jobs = new List<SqliteJob>();
        var deferred = new List<Action<SqliteSession>>();
        while (_queue.Take(jobs, deferred, _health.Problem is null ? TimeSpan.MaxValue : _options.ProbeInterval))
        {
            SqliteMetrics.QueueLength.Set(jobs.Count + _queue.Length);
            if (jobs.Count == 0 && deferred.Count == 0)
                Probe();
            else
                Write(jobs, deferred);
            jobs.Clear();
            deferred.Clear();
        }

        _session?.Dispose();
        _stopped.SetResult();
    }

    /// <summary>
    /// Runs a transaction, again without each job that fails by itself, until it is on disk or cannot be.
    /// </summary>
    private void Write(List<SqliteJob> jobs, List<Action<SqliteSession>> deferred)
    {
        try
        {
            while (TryCommit(jobs, deferred) is var (culprit, failure) && culprit is not null)
            {
                jobs.Remove(culprit);
                culprit.Fail(failure!);
            }
        }
        catch (Exception cause)
        {
            var failure = Abandon(cause);
            foreach (var job in jobs)
                job.Fail(failure);
            _queue.DeferAgain(deferred);
            return;
        }

        foreach (var job in jobs)
            job.Succeed();
    }

    /// <returns>The job that failed by itself, with nothing written; none when all is on disk.</returns>
    private (SqliteJob? Culprit, Exception? Failure) TryCommit(
        List<SqliteJob> jobs, List<Action<SqliteSession>> deferred)
    {
        var start = _time.GetTimestamp();
        var session = _session ??= _database.OpenWriter();
        session.Execute("BEGIN IMMEDIATE");
        foreach (var job in jobs)
        {
            try
            {
                job.Run(session);
            }
            catch (Exception failure) when (!SqliteFailures.ConcernsStorage(failure))
            {
                session.Execute("ROLLBACK");
                return (job, failure);
            }
        }

        foreach (var work in deferred)
            work(session);
        session.Execute("COMMIT");

        Interlocked.Increment(ref _commits);
        _health.Succeeded();
        SqliteMetrics.CommitSeconds.Observe(_time.GetElapsedTime(start).TotalSeconds);
        SqliteMetrics.WritesPerCommit.Observe(jobs.Count);
        return default;
    }

    /// <summary>
    /// Gives the connection up, so that the next transaction begins on a new one: a file system that was read-only
    /// when a connection was opened stays so for that connection.
    /// </summary>
    private SqliteUnavailableException Abandon(Exception cause)
    {
        SqliteMetrics.FailedCommits.Inc();
        SqliteMetrics.WriteFailed();
        var failure = cause as SqliteUnavailableException
            ?? new SqliteUnavailableException(SqliteFailures.Describe(cause, _database.File), cause);
        _health.Failed(failure);
        try
        {
            _session?.Dispose();
        }
        catch (Exception secondFailure)
        {
            LogCloseFailed(secondFailure);
        }

        _session = null;
        return failure;
    }

    /// <summary>
    /// Tries whether writing is possible again while nobody writes, so that health does not stay bad.
    /// </summary>
    private void Probe()
    {
        try
        {
            var session = _session ??= _database.OpenWriter();
            session.Execute("INSERT INTO storage_probe (filler) VALUES (zeroblob($1))", ProbeBytes);
            session.Execute("DELETE FROM storage_probe");
            _health.Succeeded();
        }
        catch (Exception cause)
        {
            Abandon(cause);
        }
    }
}

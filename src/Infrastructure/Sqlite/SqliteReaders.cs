using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// Connections for reading, reused. Readers never wait for the writer: each read sees the newest commit, and no read
/// stays open after <see cref="Read{T}"/> returns.
/// </summary>
internal sealed class SqliteReaders(SqliteDatabase database, IOptions<SqliteOptions> options) : IDisposable
{
    private readonly ConcurrentStack<SqliteSession> _idle = new();
    private volatile bool _disposed;

    /// <summary>Runs one query and takes all of its rows.</summary>
    /// <exception cref="SqliteUnavailableException">The file cannot be read.</exception>
    public T Read<T>(Func<SqliteSession, T> query)
    {
        SqliteSession? session = null;
        try
        {
            if (!_idle.TryPop(out session))
                session = database.OpenReader();
            var result = query(session);
            if (!_disposed && _idle.Count < options.Value.IdleReadConnectionsMax)
            {
                _idle.Push(session);
                session = null;
            }

            return result;
        }
        catch (SqliteException failure)
        {
            SqliteMetrics.ReadFailed();
            throw new SqliteUnavailableException(SqliteFailures.Describe(failure, database.File), failure);
        }
        finally
        {
            session?.Dispose();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var session))
            session.Dispose();
    }
}

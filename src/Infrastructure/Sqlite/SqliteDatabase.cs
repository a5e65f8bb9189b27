using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>The database file: makes it with its tables at first use, and opens connections to it.</summary>
internal sealed class SqliteDatabase
{
    private const int WriterCacheKibibytes = 16_384;
    private const int ReaderCacheKibibytes = 4_096;

    // About 16 MB of log between checkpoints: fewer pauses than SQLite's default of 4 MB, and still a small file.
    private const int PagesPerCheckpoint = 4_000;
    private const int LogBytesKept = 64 * 1_048_576;

    private readonly SqliteOptions _options;
    private readonly Lock _upgrading = new();
    private volatile bool _upgraded;

    public SqliteDatabase(IOptions<SqliteOptions> options)
    {
        _options = options.Value;
        File = Path.GetFullPath(_options.File);
    }

    /// <summary>The file's full path.</summary>
    public string File { get; }

    /// <summary>Makes the file and its tables when they are missing.</summary>
    /// <exception cref="SqliteUnavailableException">The file cannot be made, opened or read.</exception>
    public void Prepare()
    {
        if (_upgraded)
            return;
        lock (_upgrading)
        {
            if (_upgraded)
                return;
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(File)!);
                using var session = Open(WriterCacheKibibytes);
                SqliteSchema.Upgrade(session, File);
                _upgraded = true;
            }
            catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new SqliteUnavailableException(SqliteFailures.Describe(failure, File), failure);
            }
        }
    }

    /// <summary>A connection that writes.</summary>
    public SqliteSession OpenWriter()
    {
        Prepare();
        var session = Open(WriterCacheKibibytes);
        session.Execute($"PRAGMA wal_autocheckpoint = {PagesPerCheckpoint}");
        if (_options.PagesMax is { } pagesMax)
            session.Execute($"PRAGMA max_page_count = {pagesMax}");
        return session;
    }

    /// <summary>A connection that only reads.</summary>
    public SqliteSession OpenReader()
    {
        Prepare();
        // Opened as a writer's would be: a read-only connection could not open the file while it has no -shm beside it.
        var session = Open(ReaderCacheKibibytes);
        session.Execute("PRAGMA query_only = ON");
        return session;
    }

    private SqliteSession Open(int cacheKibibytes)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = File,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)Math.Ceiling(_options.BusyTimeout.TotalSeconds)),
        }.ToString());
        var session = new SqliteSession(connection);
        try
        {
            connection.Open();
            session.Execute($"PRAGMA busy_timeout = {(int)_options.BusyTimeout.TotalMilliseconds}");
            session.Scalar("PRAGMA journal_mode = WAL");
            session.Execute("PRAGMA synchronous = FULL");
            session.Execute($"PRAGMA journal_size_limit = {LogBytesKept}");
            session.Execute($"PRAGMA cache_size = -{cacheKibibytes}");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}

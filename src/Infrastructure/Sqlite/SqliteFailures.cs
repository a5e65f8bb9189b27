using Microsoft.Data.Sqlite;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>The database does not take or answer now. Adapters turn it into their port's own exception.</summary>
internal sealed class SqliteUnavailableException(string message, Exception cause) : Exception(message, cause);

/// <summary>Tells the storage's failures from a statement's own, and says them in words.</summary>
internal static class SqliteFailures
{
    // Result codes of https://www.sqlite.org/rescode.html.
    private const int Error = 1;
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int Misuse = 21;
    private const int OutOfRange = 25;
    private const int NotADatabase = 26;

    /// <summary>Whether it concerns the whole file, and not only the statement that met it.</summary>
    public static bool ConcernsStorage(Exception failure) => failure is SqliteException
    {
        SqliteErrorCode: not (Error or TooBig or Constraint or Mismatch or Misuse or OutOfRange),
    };

    /// <summary>What an operator should know: the cause and the file.</summary>
    public static string Describe(Exception failure, string file)
    {
        var reason = failure is SqliteException sqlite ? Reason(sqlite) : failure.Message;
        return $"The database {file} is not usable now: {reason}.";
    }

    /// <summary>Takes a transaction back; after most storage failures SQLite did so by itself.</summary>
    public static void RollBack(SqliteSession session)
    {
        try
        {
            session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // There was no transaction left to take back, or the connection is beyond use and gets closed.
        }
    }

    private static string Reason(SqliteException failure) => failure.SqliteErrorCode switch
    {
        Full => "the disk is full",
        ReadOnly => "the file or its folder is read-only",
        InputOutput => $"reading or writing failed (SQLite code {failure.SqliteExtendedErrorCode})",
        Corrupt or NotADatabase => "the file is damaged or no SQLite database",
        CannotOpen => "the file cannot be opened",
        Busy => "another process holds its lock",
        _ => $"{failure.Message} (SQLite code {failure.SqliteExtendedErrorCode})",
    };
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection that had failed could not be closed either.")]
    private partial void LogCloseFailed(Exception failure);
}

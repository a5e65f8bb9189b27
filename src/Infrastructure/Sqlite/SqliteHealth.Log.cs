using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Sqlite;

internal sealed partial class SqliteHealth
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Writes fail and are answered so; reads go on. {Problem}")]
    private partial void LogNotWritable(string problem, Exception? failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database takes writes again.")]
    private partial void LogWritableAgain();
}

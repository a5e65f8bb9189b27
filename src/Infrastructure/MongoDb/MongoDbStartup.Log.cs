using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.MongoDb;

internal sealed partial class MongoDbStartup
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the database, next try in {Pause}. {Problem}")]
    private partial void LogWaiting(string problem, TimeSpan pause);
}

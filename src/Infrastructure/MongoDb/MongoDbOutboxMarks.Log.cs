using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.MongoDb;

internal sealed partial class MongoDbOutboxMarks
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} published batches could not be taken out of the outbox yet; it is tried again.")]
    private partial void LogDelayed(int count, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Count} published batches stay in the outbox, and will be published again.")]
    private partial void LogLost(int count, Exception failure);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.MongoDb;

internal sealed partial class MongoDbEventStore
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The server knows no linearizable reads ({CodeName}). Right after a change of primary, an activation "
            + "may begin with an old state; it cannot write on top of it.")]
    private partial void LogNoConfirmation(string codeName);
}

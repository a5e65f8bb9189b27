using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Auth;

internal sealed partial class LogInGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The password hash of user {UserId} keeps its old cost until the next log-in.")]
    private partial void LogRehashFailed(Guid userId, Exception failure);
}

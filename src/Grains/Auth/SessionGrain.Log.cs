using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Auth;

internal sealed partial class SessionGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message =
        "A used refresh token of session {SessionId} of user {UserId} was presented again; the session has ended.")]
    private partial void LogReused(Guid sessionId, Guid userId);
}

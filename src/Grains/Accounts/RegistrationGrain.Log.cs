using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Accounts;

internal sealed partial class RegistrationGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message =
        "A claim of the new user {UserId} stays reserved until somebody asks for it.")]
    private partial void LogConfirmationFailed(Guid userId, Exception failure);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Accounts;

internal sealed partial class ClaimGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message =
        "Claim {Claim} was left reserved by user {UserId}, who exists; confirmed it.")]
    private partial void LogConfirmedLate(string claim, Guid userId);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Claim {Claim} was left reserved by user {UserId}, who never came to exist; it is free again.")]
    private partial void LogGaveWay(string claim, Guid userId);
}

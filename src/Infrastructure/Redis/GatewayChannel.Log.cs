using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Redis;

public sealed partial class GatewayChannel
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of another gateway could not be taken.")]
    private partial void LogNotTaken(Exception failure);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "What was missed while Redis was away could not be made up yet.")]
    private partial void LogNotMadeUp(Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The channel between gateways cannot be subscribed to yet.")]
    private partial void LogNotListening(Exception failure);
}

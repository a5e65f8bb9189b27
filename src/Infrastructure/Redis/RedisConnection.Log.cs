using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Redis;

public sealed partial class RedisConnection
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is away; its work is done in process. {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers; its work is shared by all gateways.")]
    private partial void LogBack();
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Consul;

internal sealed partial class ConsulConnectionRetry
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Waiting for a silo that takes calls; {Known} are listed at {Place}. {Problem}")]
    private partial void LogWaiting(int known, string place, string problem);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Consul;

internal sealed partial class ConsulLeave
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Consul is away, so that this silo leaves unsaid; the others find out by their probes. {Problem}")]
    private partial void LogLeavesUnsaid(string problem);
}

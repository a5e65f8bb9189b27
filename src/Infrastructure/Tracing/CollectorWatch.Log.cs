using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Tracing;

internal sealed partial class CollectorWatch
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The collector at {Address} takes no traces; they are dropped, and all else goes on. {Problem}")]
    private partial void LogAway(string address, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The collector at {Address} takes traces again.")]
    private partial void LogBack(string address);
}

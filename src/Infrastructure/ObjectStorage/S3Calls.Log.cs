using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.ObjectStorage;

internal sealed partial class S3Calls
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "S3 is given a break of {BreakTime}: what needs it fails at once, the rest goes on. {Reason}")]
    private partial void LogOpened(TimeSpan breakTime, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "S3 answers again.")]
    private partial void LogClosed();
}

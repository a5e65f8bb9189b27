namespace IndiiMusic.Api.Clustering;

internal sealed partial class SafeRetries
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Interface}.{Method} did not get through ({Cause}); it is sent again")]
    private partial void LogRetry(string? @interface, string? method, string cause);
}

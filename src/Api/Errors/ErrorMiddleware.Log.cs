
namespace IndiiMusic.Api.Errors;

internal sealed partial class ErrorMiddleware
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed with {Code}; trace {TraceId}")]
    private partial void LogFailed(Exception exception, string method, PathString path, ErrorCode code, string traceId);
}

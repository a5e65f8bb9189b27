
namespace IndiiMusic.Api.Errors;

internal sealed partial class ErrorMiddleware
{
    [LoggerMessage(1, LogLevel.Error, "{HttpMethod} {Route} failed with {Code}; trace {TraceId}")]
    private partial void LogFailed(
        Exception exception, string httpMethod, string route, ErrorCode code, string traceId);
}

namespace IndiiMusic.Api.Telemetry;

internal sealed partial class RequestTelemetryMiddleware
{
    [LoggerMessage(1, LogLevel.Debug, "{Method} {Path} answered {Status} in {ElapsedMs:0.0} ms")]
    private partial void LogAnswered(string method, PathString path, int status, double elapsedMs);
}

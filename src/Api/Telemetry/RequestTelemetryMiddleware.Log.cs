namespace IndiiMusic.Api.Telemetry;

internal sealed partial class RequestTelemetryMiddleware
{
    [LoggerMessage(1, LogLevel.Debug, "{HttpMethod} {Route} answered {Status} in {ElapsedMs:0.0} ms")]
    private partial void LogAnswered(string httpMethod, string route, int status, double elapsedMs);
}

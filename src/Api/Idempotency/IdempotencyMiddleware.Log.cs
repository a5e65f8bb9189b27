namespace IndiiMusic.Api.Idempotency;

internal sealed partial class IdempotencyMiddleware
{
    [LoggerMessage(1, LogLevel.Warning, "The answer to a request could not be kept for repetitions; its key is {Name}")]
    private partial void LogNotKept(Exception exception, string name);
}

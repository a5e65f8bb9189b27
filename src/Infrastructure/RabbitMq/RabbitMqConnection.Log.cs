using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.RabbitMq;

internal sealed partial class RabbitMqConnection
{
    [LoggerMessage(Level = LogLevel.Information, Message = "RabbitMQ at {Host}:{Port} is connected, for {Purpose}")]
    private partial void LogOpened(string purpose, string host, int port);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Waiting for RabbitMQ, for {Purpose}: {Problem} Edits go on; events wait in the outbox")]
    private partial void LogAway(string purpose, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection for {Purpose} was not closed in order")]
    private partial void LogNotClosed(string purpose, Exception cause);
}

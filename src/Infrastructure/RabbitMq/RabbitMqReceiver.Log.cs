using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.RabbitMq;

internal sealed partial class RabbitMqReceiver
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Reading {Queue}, or waiting for another silo to leave it")]
    private partial void LogReading(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading {Queue} was interrupted, and begins again: {Reason}")]
    private partial void LogEnded(string queue, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading {Queue} was interrupted, and begins again")]
    private partial void LogInterrupted(string queue, Exception cause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Delivery {Tag} of {Queue} was not settled and comes again")]
    private partial void LogNotSettled(string queue, ulong tag, Exception cause);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "A message of {Queue} could not be put aside now; it comes again")]
    private partial void LogNotPutAside(string queue, Exception cause);
}

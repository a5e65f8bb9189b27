using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Consul;

internal sealed partial class ConsulGatewayList
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} silos take calls.")]
    private partial void LogChanged(int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Consul lists no silo any more; the {Count} that it listed before are used on.")]
    private partial void LogNoneLeft(int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Changes of the silos are not heard of now; the {Count} known ones are used on. {Problem}")]
    private partial void LogAway(int count, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Consul at {Address} answers again.")]
    private partial void LogAnswersAgain(string address);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Consul;

internal sealed partial class ConsulPatience
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Waiting for Consul to {Purpose}, for {Waited} so far. {Problem}")]
    private partial void LogWaiting(string purpose, TimeSpan waited, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Consul at {Address} answers, after {Waited}.")]
    private partial void LogAnswers(string address, TimeSpan waited);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Consul;

internal sealed partial class ConsulRegistration
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Consul lists this process as {ServiceId}, and asks {HealthUrl} whether it can work.")]
    private partial void LogRegistered(string serviceId, string healthUrl);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Consul has forgotten {ServiceId}; it is told again.")]
    private partial void LogForgotten(string serviceId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Consul may not list this process now, and is told again until it does. {Problem}")]
    private partial void LogNotRegistered(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Consul no longer lists {ServiceId}.")]
    private partial void LogDeregistered(string serviceId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Consul could not be told that {ServiceId} stops; it forgets it after {Delay}. {Problem}")]
    private partial void LogNotDeregistered(string serviceId, TimeSpan delay, string problem);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Configuration;

internal sealed partial class UnknownSettings
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No program reads the setting {Key}, which {Source} holds. Was {Nearest} meant?")]
    private partial void LogUnknownButNear(string key, string source, string nearest);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No program reads the setting {Key}, which {Source} holds. docs/configuration.md lists all.")]
    private partial void LogUnknown(string key, string source);
}

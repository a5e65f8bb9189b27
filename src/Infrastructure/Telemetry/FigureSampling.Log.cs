using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.Telemetry;

internal sealed partial class FigureSampling
{
    [LoggerMessage(1, LogLevel.Debug, "{Figures} could not be looked up; they are tried again")]
    private partial void LogNotSampled(string figures, Exception cause);
}

using IndiiMusic.Infrastructure.Features;

namespace IndiiMusic.Api.Features;

internal sealed partial class FeatureSwitches
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Whom {Feature} is on for cannot be found out; it is off for those who ask.")]
    private partial void LogFilterFailed(Feature feature, Exception failure);
}

using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Playlists.Live;

internal sealed partial class HubErrors
{
    [LoggerMessage(1, LogLevel.Error, "Hub call {HubMethod} failed with {Code}")]
    private partial void LogFailed(Exception exception, string hubMethod, ErrorCode code);
}

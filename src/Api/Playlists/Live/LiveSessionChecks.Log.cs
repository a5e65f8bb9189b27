namespace IndiiMusic.Api.Playlists.Live;

internal sealed partial class LiveSessionChecks
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A session with open connections could not be asked.")]
    private partial void LogNotAsked(Exception failure);
}

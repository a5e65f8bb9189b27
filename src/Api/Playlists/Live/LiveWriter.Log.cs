namespace IndiiMusic.Api.Playlists.Live;

internal sealed partial class LiveWriter
{
    [LoggerMessage(1, LogLevel.Warning, "The cards of {TrackCount} tracks did not come in time for a live message")]
    private partial void LogCardsMissing(Exception exception, int trackCount);
}

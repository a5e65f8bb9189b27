namespace IndiiMusic.Api.Playlists.Live;

internal sealed partial class PlaylistRoom
{
    [LoggerMessage(1, LogLevel.Error, "A step of the room of playlist {PlaylistId} failed")]
    private partial void LogStepFailed(Exception exception, Guid playlistId);

    [LoggerMessage(2, LogLevel.Warning, "The room of playlist {PlaylistId} could not ask for missing versions")]
    private partial void LogCatchUpFailed(Exception exception, Guid playlistId);

    [LoggerMessage(3, LogLevel.Warning, "The room of playlist {PlaylistId} could not renew its subscription")]
    private partial void LogRenewalFailed(Exception exception, Guid playlistId);

    [LoggerMessage(4, LogLevel.Debug, "The room of playlist {PlaylistId} could not end its subscription")]
    private partial void LogUnsubscribeFailed(Exception exception, Guid playlistId);
}

namespace IndiiMusic.Api.Playlists.Live;

internal sealed partial class RoomMembers
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "A client of playlist {PlaylistId} was cut off: it did not take version {Sent} in time; {Newest} is newest")]
    private partial void LogSlow(Guid playlistId, long sent, long newest);

    [LoggerMessage(2, LogLevel.Warning, "Playlist {PlaylistId} did not say what a client may read; asking again")]
    private partial void LogQuestionFailed(Exception exception, Guid playlistId);
}

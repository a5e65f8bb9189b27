using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Playlists;

internal sealed partial class PlaylistGrain
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The library of user {UserId} was not told of playlist {PlaylistId}; the outbox will do it")]
    private static partial void LogLibraryNotTold(ILogger logger, Guid playlistId, Guid userId, Exception cause);
}

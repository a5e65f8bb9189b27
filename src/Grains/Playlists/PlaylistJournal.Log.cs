using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Playlists;

internal sealed partial class PlaylistJournal
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Another writer appended version {Version} of {Stream} first; reading it again")]
    private static partial void LogConflict(ILogger logger, string stream, long version);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Version {Version} of {Stream} was not acknowledged: the event store did not take it")]
    private static partial void LogUnavailable(ILogger logger, string stream, long version, Exception cause);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The snapshot of {Stream} at version {Version} was not written; the log alone still holds all")]
    private static partial void LogSnapshotFailed(ILogger logger, string stream, long version, Exception cause);
}

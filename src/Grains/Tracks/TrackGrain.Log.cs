using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Tracks;

internal sealed partial class TrackGrain
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Track {TrackId} may be missing from the catalog; its next activation or import tries again")]
    private partial void LogCatalogNotMended(Exception failure, Guid trackId);
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Tracks;

internal sealed partial class TrackUploadGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The upload {Key} stays in the object store, of use to nobody.")]
    private partial void LogNotRemoved(Exception failure, string key);
}

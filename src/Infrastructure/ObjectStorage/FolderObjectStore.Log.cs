using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.ObjectStorage;

internal sealed partial class FolderObjectStore
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {File}, which an interrupted write had left.")]
    private partial void LogSwept(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left {File} where it is; it may be in use.")]
    private partial void LogNotSwept(Exception failure, string file);
}

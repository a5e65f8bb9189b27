using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.EncryptionKeys;

internal sealed partial class FolderEncryptionKeyStore
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Made the first key for secrets in the database.")]
    private partial void LogMade();

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Nobody can turn on a second factor: Auth:EncryptionKeys:Folder names no folder of keys to encrypt it with.")]
    private partial void LogNone();
}

using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.ObjectStorage;

internal sealed partial class S3Bucket
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Made the bucket {Bucket}.")]
    private partial void LogMade(string bucket);
}

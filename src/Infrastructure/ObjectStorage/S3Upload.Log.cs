using Microsoft.Extensions.Logging;

namespace IndiiMusic.Infrastructure.ObjectStorage;

internal sealed partial class S3Upload
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Parts of {Name} stay in the bucket, unseen, until its rules expire them.")]
    private partial void LogNotAborted(Exception failure, string name);
}

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>The limits of MongoDB itself.</summary>
internal static class WriteLimits
{
    public const int DocumentSizeMax = 16 * 1024 * 1024;
    public const int BatchCountMax = 100_000;
}

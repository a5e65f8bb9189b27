using IndiiMusic.Infrastructure.Telemetry;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>How large the database is, and how much room its disk has left.</summary>
internal sealed class SqliteFileMetrics(SqliteDatabase database) : ISampledFigures
{
    /// <inheritdoc/>
    public Task SampleAsync(CancellationToken cancellationToken)
    {
        SqliteMetrics.FileBytes.Set(SizeOf(database.File) + SizeOf(database.File + "-wal"));
        var disk = new DriveInfo(Path.GetDirectoryName(database.File)!);
        SqliteMetrics.DiskFreeBytes.Set(disk.AvailableFreeSpace);
        SqliteMetrics.DiskSizeBytes.Set(disk.TotalSize);
        return Task.CompletedTask;
    }

    private static long SizeOf(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;
}

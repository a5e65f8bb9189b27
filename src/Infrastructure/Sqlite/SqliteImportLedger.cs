using IndiiMusic.Grains.Tracks;
using IndiiMusic.Infrastructure.Documents;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>The import ledger in the embedded database.</summary>
internal sealed class SqliteImportLedger(SqliteWriter writer, SqliteReaders readers) : IImportLedger
{
    public Task<Guid?> FindAsync(Guid? ownerId, ImportedFile file, CancellationToken cancellationToken)
    {
        var id = Read(session => session.Scalar(
            """
            SELECT became_id FROM imported_files
            WHERE owner = $1 AND path = $2 AND size_bytes = $3 AND modified_at = $4
            """,
            Owner(ownerId), file.Path, file.SizeBytes, TimeText.Text(file.ModifiedAt)));
        return Task.FromResult(id is null ? (Guid?)null : Guid.Parse((string)id));
    }

    public Task<bool> IsKnownAsync(Guid? ownerId, string path, CancellationToken cancellationToken) =>
        Task.FromResult(Read(session => session.Scalar(
            "SELECT 1 FROM imported_files WHERE owner = $1 AND path = $2", Owner(ownerId), path)) is not null);

    public Task NoteAsync(Guid? ownerId, ImportedFile file, Guid becameId, CancellationToken cancellationToken)
    {
        // A note that a crash loses costs one file's reading again, so nobody has to wait for the disk.
        writer.WriteLater(session => session.Execute(
            """
            INSERT INTO imported_files (owner, path, size_bytes, modified_at, became_id) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO UPDATE SET size_bytes = $3, modified_at = $4, became_id = $5
            """,
            Owner(ownerId),
            file.Path,
            file.SizeBytes,
            TimeText.Text(file.ModifiedAt),
            becameId.ToString("D")));
        return Task.CompletedTask;
    }

    private static string Owner(Guid? ownerId) => ownerId?.ToString("D") ?? "";

    private T Read<T>(Func<SqliteSession, T> query)
    {
        try
        {
            return readers.Read(query);
        }
        catch (SqliteUnavailableException failure)
        {
            throw SqliteTrackCatalog.Unavailable(failure);
        }
    }
}

namespace IndiiMusic.Grains.Tracks;

/// <summary>
/// Remembers which files were taken in, so that importing a folder again need not read them. What it forgets is merely
/// read again.
/// </summary>
public interface IImportLedger
{
    /// <summary>What became of a file; null when it is not known, or its size or time have changed since.</summary>
    Task<Guid?> FindAsync(Guid? ownerId, ImportedFile file, CancellationToken cancellationToken);

    /// <summary>Whether a path is known, whatever its size and time.</summary>
    Task<bool> IsKnownAsync(Guid? ownerId, string path, CancellationToken cancellationToken);

    /// <summary>Notes that a file became a track or a playlist.</summary>
    Task NoteAsync(Guid? ownerId, ImportedFile file, Guid becameId, CancellationToken cancellationToken);
}

/// <summary>A file as the ledger tells it from others.</summary>
/// <param name="Path">Where it lies, absolute.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="ModifiedAt">When it was last written.</param>
public sealed record ImportedFile(string Path, long SizeBytes, DateTimeOffset ModifiedAt);

namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>How a track gets its id.</summary>
public static class TrackId
{
    /// <summary>
    /// The id of a file in somebody's collection: the same bytes of the same owner are the same track, however often
    /// and from wherever they come in.
    /// </summary>
    /// <param name="ownerId">Whose collection; null for the library that all members share.</param>
    /// <param name="sha256">The file's SHA-256 in lower-case hexadecimal.</param>
    public static Guid Of(Guid? ownerId, string sha256) =>
        NameBasedId.Of("track", $"{ownerId?.ToString("D") ?? "library"}|{sha256}");
}

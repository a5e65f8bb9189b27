namespace IndiiMusic.Grains.Interfaces.Tracks;

/// <summary>
/// Bounds of what a track holds. Longer tags from files are cut; longer values from callers are refused.
/// </summary>
public static class TrackLimits
{
    /// <summary>Characters in a title, an artist, an album or a genre.</summary>
    public const int TextCharactersMax = 500;

    /// <summary>Artists of one track.</summary>
    public const int ArtistsMax = 50;

    /// <summary>Genres of one track.</summary>
    public const int GenresMax = 50;

    /// <summary>Places that a track is known to have been imported from; the oldest go first.</summary>
    public const int SourcePathsMax = 16;

    /// <summary>Bytes of one audio file: 2 GiB.</summary>
    public const long AudioBytesMax = 2L * 1024 * 1024 * 1024;

    /// <summary>Bytes of one artwork picture: 20 MiB.</summary>
    public const int ArtworkBytesMax = 20 * 1024 * 1024;

    /// <summary>
    /// Uploads that one silo holds as temporary files at once, each of up to <see cref="AudioBytesMax"/> bytes.
    /// </summary>
    public const int UploadCopiesMax = 8;

    /// <summary>Cards that one call may ask for.</summary>
    public const int CardsMax = 500;

    /// <summary>Playlist file entries that one call may ask to match.</summary>
    public const int MatchesMax = 500;
}

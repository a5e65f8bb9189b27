using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Grains.Interfaces.Catalog;

/// <summary>How a list of tracks is ordered.</summary>
public enum CatalogSort
{
    /// <summary>Album artist, album, disc, track number.</summary>
    Artist = 0,

    /// <summary>Title.</summary>
    Title = 1,

    /// <summary>Newest first.</summary>
    AddedAt = 2,
}

/// <summary>
/// Which tracks to list; what is null does not narrow. Texts match without regard to case and accents.
/// </summary>
/// <param name="Text">Words that must all stand in title, artists or album.</param>
/// <param name="Artist">One of its artists, or its album artist.</param>
/// <param name="Album">Its album.</param>
/// <param name="Genre">One of its genres.</param>
/// <param name="YearFrom">Its year at least.</param>
/// <param name="YearTo">Its year at most.</param>
/// <param name="Sort">The order.</param>
/// <param name="Limit">Tracks on the page, 1 to <see cref="PageLimits.Max"/>.</param>
/// <param name="Cursor">From the page before; null for the first.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.catalog.query")]
public sealed record CatalogQuery(
    [property: Id(0)] string? Text = null,
    [property: Id(1)] string? Artist = null,
    [property: Id(2)] string? Album = null,
    [property: Id(3)] string? Genre = null,
    [property: Id(4)] int? YearFrom = null,
    [property: Id(5)] int? YearTo = null,
    [property: Id(6)] CatalogSort Sort = CatalogSort.Artist,
    [property: Id(7)] int Limit = PageLimits.Default,
    [property: Id(8)] string? Cursor = null);

/// <summary>A genre and how many of the tracks that the caller may hear are of it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.catalog.genre-count")]
public sealed record GenreCount(
    [property: Id(0)] string Genre,
    [property: Id(1)] long TrackCount);

/// <summary>What a playlist file says of one entry; at least one member is set.</summary>
/// <param name="Path">Where the file lies or lay; absolute where it could be resolved.</param>
/// <param name="RecordingId">MusicBrainz's recording.</param>
/// <param name="Artist">The artist.</param>
/// <param name="Title">The title.</param>
/// <param name="TrackId">This server's own track, from a location that this server wrote.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.catalog.wanted-track")]
public sealed record WantedTrack(
    [property: Id(0)] string? Path = null,
    [property: Id(1)] Guid? RecordingId = null,
    [property: Id(2)] string? Artist = null,
    [property: Id(3)] string? Title = null,
    [property: Id(4)] Guid? TrackId = null);

/// <summary>How a playlist file's entry was recognised, surest first.</summary>
public enum MatchKind
{
    /// <summary>By this server's own track id in the location.</summary>
    TrackId = 0,

    /// <summary>By where the file lies, or the end of its path.</summary>
    Path = 1,

    /// <summary>By MusicBrainz's recording.</summary>
    MusicBrainzId = 2,

    /// <summary>By artist and title, without regard to case, accents and punctuation.</summary>
    ArtistTitle = 3,
}

/// <summary>The track that an entry of a playlist file stands for.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.catalog.track-match")]
public sealed record TrackMatch(
    [property: Id(0)] Guid TrackId,
    [property: Id(1)] MatchKind How);

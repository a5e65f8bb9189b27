using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Grains.Catalog;

/// <summary>
/// The read model of all tracks: lists, filters, and lookups for playlist files. Tracks write it, each its own row,
/// after their state is durable; it can be made anew from them.
/// </summary>
/// <remarks>Every method may throw what the storage throws when it does not answer.</remarks>
public interface ITrackCatalog
{
    /// <summary>
    /// Enters a track or a newer revision of it; an older revision than the present one changes nothing.
    /// </summary>
    Task UpsertAsync(CatalogTrack track, CancellationToken cancellationToken);

    /// <summary>Takes a track out, and forgets the files that the importer knows it by.</summary>
    Task RemoveAsync(Guid trackId, CancellationToken cancellationToken);

    /// <summary>The revision of a track that the catalog holds; null when it holds none.</summary>
    Task<long?> FindRevisionAsync(Guid trackId, CancellationToken cancellationToken);

    /// <summary>A page of what the actor may hear.</summary>
    Task<Page<TrackCard>> ListAsync(Actor actor, CatalogQuery query, CancellationToken cancellationToken);

    /// <summary>Genres of what the actor may hear with their counts, most tracks first.</summary>
    Task<ImmutableArray<GenreCount>> ListGenresAsync(Actor actor, int countMax, CancellationToken cancellationToken);

    /// <summary>The cards of those of the tracks that the catalog holds.</summary>
    Task<ImmutableArray<TrackCard>> FindCardsAsync(
        ImmutableArray<Guid> trackIds, CancellationToken cancellationToken);

    /// <summary>
    /// The tracks that the actor may hear and that are known by a term, the actor's own first, then the oldest; at
    /// most <paramref name="countMax"/>.
    /// </summary>
    Task<ImmutableArray<CatalogHit>> FindByTermAsync(
        Actor actor, CatalogTermKind kind, string term, int countMax, CancellationToken cancellationToken);
}

/// <summary>A track as the catalog takes it in.</summary>
/// <param name="Card">What lists show.</param>
/// <param name="Tags">What it is filtered, sorted and found by.</param>
/// <param name="Revision">The track's revision.</param>
/// <param name="AddedAt">When it was first brought in.</param>
/// <param name="SourcePaths">Where it came from.</param>
public sealed record CatalogTrack(
    TrackCard Card, TrackTags Tags, long Revision, DateTimeOffset AddedAt, ImmutableArray<string> SourcePaths);

/// <summary>A track found by a term.</summary>
/// <param name="TrackId">The track.</param>
/// <param name="Text">The text that the term was made of, such as the whole path for a file name.</param>
public readonly record struct CatalogHit(Guid TrackId, string Text);

/// <summary>What a track can be looked up by. The numbers are stored.</summary>
public enum CatalogTermKind
{
    /// <summary>A genre, folded.</summary>
    Genre = 1,

    /// <summary>An artist or album artist, folded.</summary>
    Artist = 2,

    /// <summary>Artist and title, made by <see cref="FoldedText.ArtistTitle"/>.</summary>
    ArtistTitle = 3,

    /// <summary>MusicBrainz's recording id.</summary>
    RecordingId = 4,

    /// <summary>The last part of a source path, folded; the text is the whole path.</summary>
    FileName = 5,

    /// <summary>The album, folded.</summary>
    Album = 6,

    /// <summary>The last two parts of a source path, folded; the text is the whole path.</summary>
    FolderAndFileName = 7,

    /// <summary>A source path as it is.</summary>
    Path = 8,
}

/// <summary>One thing that a track can be looked up by.</summary>
/// <param name="Kind">What the term is.</param>
/// <param name="Term">What is looked up.</param>
/// <param name="Text">What it was made of.</param>
public readonly record struct CatalogTerm(CatalogTermKind Kind, string Term, string Text)
{
    /// <summary>Everything that a track can be looked up by.</summary>
    public static ImmutableArray<CatalogTerm> Of(CatalogTrack track)
    {
        var terms = ImmutableArray.CreateBuilder<CatalogTerm>();
        var tags = track.Tags;
        foreach (var genre in tags.Genres)
            terms.Add(new(CatalogTermKind.Genre, FoldedText.Of(genre), genre));
        foreach (var artist in ArtistsOf(tags))
            terms.Add(new(CatalogTermKind.Artist, FoldedText.Of(artist), artist));
        foreach (var artist in ArtistsOf(tags).Append(string.Join(' ', tags.Artists)))
            terms.Add(new(CatalogTermKind.ArtistTitle, FoldedText.ArtistTitle(artist, tags.Title), ""));
        if (tags.Album is not null)
            terms.Add(new(CatalogTermKind.Album, FoldedText.Of(tags.Album), tags.Album));
        if (tags.MusicBrainz?.RecordingId is { } recordingId)
            terms.Add(new(CatalogTermKind.RecordingId, recordingId.ToString("D"), ""));
        foreach (var path in track.SourcePaths)
        {
            terms.Add(new(CatalogTermKind.Path, path, ""));
            terms.Add(new(CatalogTermKind.FileName, FoldedText.PathEnding(path, 1), path));
            terms.Add(new(CatalogTermKind.FolderAndFileName, FoldedText.PathEnding(path, 2), path));
        }

        return [.. terms.Where(term => term.Term.Length > 0).Distinct()];
    }

    private static IEnumerable<string> ArtistsOf(TrackTags tags) =>
        tags.AlbumArtist is null ? tags.Artists : tags.Artists.Append(tags.AlbumArtist);
}

using System.Collections.Immutable;
using System.Globalization;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Infrastructure.Documents;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// A track of the catalog as a document:
/// <code>
/// { _id: "0197…", revision: 3, ownerId: "0198…", visibility: "members", title: "Jóga", artists: ["Björk"],
///   album: "Homogenic", durationMs: 305000, hasArtwork: true, year: 1997, searchText: "joga bjork homogenic",
///   genres: [{ term: "electronic", text: "Electronic" }], terms: [{ key: "artist:bjork", text: "Björk" }, …],
///   order: { artist: "bjork⇥homogenic⇥…", title: "joga⇥0197…", added: "2026-01-01T00:00:00.0000000Z⇥0197…" } }
/// </code>
/// What a track lacks is left out.
/// </summary>
internal static class TrackDocument
{
    public const string Revision = "revision";
    public const string Owner = "ownerId";
    public const string Visibility = "visibility";
    public const string Year = "year";
    public const string SearchText = "searchText";
    public const string Term = "terms.key";
    public const string ArtistOrder = "order.artist";
    public const string TitleOrder = "order.title";
    public const string AgeOrder = "order.added";

    private const char PartsSeparator = '\t';

    /// <summary>The fields that make up a card.</summary>
    public static BsonDocument CardProjection => new()
    {
        { "title", 1 },
        { "artists", 1 },
        { "album", 1 },
        { "durationMs", 1 },
        { Visibility, 1 },
        { Owner, 1 },
        { "hasArtwork", 1 },
    };

    public static BsonDocument Write(CatalogTrack track)
    {
        var (card, tags) = (track.Card, track.Tags);
        var id = Text(card.TrackId);
        var terms = CatalogTerm.Of(track);
        var texts = string.Join(' ', [tags.Title, .. tags.Artists, tags.AlbumArtist ?? "", tags.Album ?? ""]);
        return new BsonDocument
        {
            { "_id", id },
            { Revision, track.Revision },
            { Owner, () => Text(card.OwnerId!.Value), card.OwnerId is not null },
            { Visibility, Text(card.Visibility) },
            { "title", card.Title },
            { "artists", new BsonArray(card.Artists) },
            { "album", () => card.Album, card.Album is not null },
            { "durationMs", card.DurationMs },
            { "hasArtwork", card.HasArtwork },
            { Year, () => tags.Year!.Value, tags.Year is not null },
            { SearchText, FoldedText.Of(texts) },
            { "genres", Genres(terms) },
            {
                "terms",
                new BsonArray(terms.Select(term => new BsonDocument
                {
                    { "key", KeyOf(term.Kind, term.Term) },
                    { "text", term.Text },
                }))
            },
            {
                "order",
                new BsonDocument
                {
                    { "artist", Place(
                        FoldedText.Of(tags.AlbumArtist ?? tags.Artists.FirstOrDefault() ?? ""),
                        FoldedText.Of(tags.Album ?? ""),
                        Digits(tags.DiscNumber),
                        Digits(tags.TrackNumber),
                        FoldedText.Of(tags.Title),
                        id) },
                    { "title", Place(FoldedText.Of(tags.Title), id) },
                    { "added", Place(TimeText.Text(track.AddedAt), id) },
                }
            },
        };
    }

    public static TrackCard ReadCard(BsonDocument track) => new(
        Guid.Parse(track["_id"].AsString),
        track["title"].AsString,
        [.. track["artists"].AsBsonArray.Select(artist => artist.AsString)],
        track.TryGetValue("album", out var album) ? album.AsString : null,
        track["durationMs"].ToInt64(),
        Enum.Parse<TrackVisibility>(track[Visibility].AsString, ignoreCase: true),
        track.TryGetValue(Owner, out var owner) ? Guid.Parse(owner.AsString) : null,
        track["hasArtwork"].AsBoolean);

    /// <summary>The texts that a term of the track was made of.</summary>
    public static IEnumerable<CatalogHit> ReadHits(BsonDocument track, string key)
    {
        var id = Guid.Parse(track["_id"].AsString);
        return from term in track["terms"].AsBsonArray
               where term["key"] == key
               select new CatalogHit(id, term["text"].AsString);
    }

    /// <summary>Where the track stands in an order, which is given by its dotted path.</summary>
    public static string PlaceIn(BsonDocument track, string order) =>
        track["order"][order[(order.IndexOf('.', StringComparison.Ordinal) + 1)..]].AsString;

    public static string KeyOf(CatalogTermKind kind, string term) => $"{Name(kind)}:{term}";

    public static string Text(Guid id) => id.ToString("D");

    public static string Text(TrackVisibility visibility) => visibility switch
    {
        TrackVisibility.Members => "members",
        TrackVisibility.Private => "private",
        TrackVisibility.Public => "public",
        _ => throw new ArgumentOutOfRangeException(nameof(visibility), visibility, message: null),
    };

    /// <summary>Each genre once, however it is written: a track counts once for it.</summary>
    private static BsonArray Genres(ImmutableArray<CatalogTerm> terms) => new(
        from term in terms
        where term.Kind == CatalogTermKind.Genre
        group term.Text by term.Term
        into genre
        select new BsonDocument { { "term", genre.Key }, { "text", genre.Min(StringComparer.Ordinal) } });

    /// <summary>
    /// The parts in one text whose order is theirs: a folded text and a number hold nothing less than the separator.
    /// </summary>
    private static string Place(params ReadOnlySpan<string?> parts) => string.Join(PartsSeparator, parts);

    private static string Digits(int? number) =>
        Math.Max(0, number ?? 0).ToString("D10", CultureInfo.InvariantCulture);

    private static string Name(CatalogTermKind kind) => kind switch
    {
        CatalogTermKind.Genre => "genre",
        CatalogTermKind.Artist => "artist",
        CatalogTermKind.ArtistTitle => "artistTitle",
        CatalogTermKind.RecordingId => "recordingId",
        CatalogTermKind.FileName => "fileName",
        CatalogTermKind.Album => "album",
        CatalogTermKind.FolderAndFileName => "folderAndFileName",
        CatalogTermKind.Path => "path",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
    };
}

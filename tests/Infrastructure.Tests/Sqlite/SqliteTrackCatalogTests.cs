using System.Collections.Immutable;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

public sealed class SqliteTrackCatalogTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ana = Actor.User(Guid.CreateVersion7());
    private static readonly Actor Bea = Actor.User(Guid.CreateVersion7());

    private readonly SqliteFixture _database = new();
    private int _added;

    private ITrackCatalog Catalog => _database.Get<ITrackCatalog>();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(CatalogSort.Artist, "A1 A2 A10 B1 Z")]
    [InlineData(CatalogSort.Title, "A1 A10 A2 B1 Z")]
    [InlineData(CatalogSort.AddedAt, "Z B1 A10 A2 A1")]
    public async Task Pages_of_any_size_make_up_the_whole_list(CatalogSort sort, string expected)
    {
        await Add("A1", "Ána", "First", number: 1);
        await Add("A2", "ana", "First", number: 2);
        await Add("A10", "Ana", "First", number: 10);
        await Add("B1", "Bea", "First", number: 1);
        await Add("Z", "Zoe", album: null);

        for (var limit = 1; limit <= 6; limit++)
        {
            var titles = new List<string>();
            var query = new CatalogQuery(Sort: sort, Limit: limit);
            for (var isLast = false; !isLast;)
            {
                var page = await Catalog.ListAsync(Ana, query, default);
                titles.AddRange(page.Items.Select(card => card.Title));
                query = query with { Cursor = page.NextCursor };
                isLast = page.NextCursor is null;
            }

            Assert.Equal(expected, string.Join(' ', titles));
        }
    }

    [Fact]
    public async Task Filters_match_without_regard_to_case_and_accents()
    {
        await Add("Jóga", "Björk", "Homogenic", genre: "Electronic", year: 1997);
        await Add("Help!", "The Beatles", "Help!", genre: "Rock", year: 1965);

        Assert.Equal(["Jóga"], await Titles(new CatalogQuery(Text: "BJORK joga")));
        Assert.Equal(["Jóga"], await Titles(new CatalogQuery(Artist: "bjork")));
        Assert.Equal(["Help!"], await Titles(new CatalogQuery(Album: "help")));
        Assert.Equal(["Help!"], await Titles(new CatalogQuery(Genre: "ROCK")));
        Assert.Equal(["Help!"], await Titles(new CatalogQuery(YearTo: 1970)));
        Assert.Equal(["Jóga"], await Titles(new CatalogQuery(YearFrom: 1970, YearTo: 1997)));
        Assert.Empty(await Titles(new CatalogQuery(Text: "joga beatles")));
    }

    [Fact]
    public async Task Nobody_is_shown_what_they_may_not_hear()
    {
        await Add("mine", "Ana", visibility: TrackVisibility.Private, ownerId: Ana.UserId, genre: "G");
        await Add("members", "Ana", visibility: TrackVisibility.Members, genre: "G");
        await Add("public", "Ana", visibility: TrackVisibility.Public, genre: "G");

        Assert.Equal(["members", "mine", "public"], await Titles(new CatalogQuery(), Ana));
        Assert.Equal(["members", "public"], await Titles(new CatalogQuery(), Bea));
        Assert.Equal(["public"], await Titles(new CatalogQuery(), Actor.Anonymous));
        Assert.Equal([new GenreCount("G", 3)], (await Catalog.ListGenresAsync(Ana, 10, default)).ToArray());
        Assert.Equal([new GenreCount("G", 1)], (await Catalog.ListGenresAsync(Actor.Anonymous, 10, default)).ToArray());
        var key = FoldedText.ArtistTitle("Ana", "mine");
        Assert.Single(await Catalog.FindByTermAsync(Ana, CatalogTermKind.ArtistTitle, key, 5, default));
        Assert.Empty(await Catalog.FindByTermAsync(Bea, CatalogTermKind.ArtistTitle, key, 5, default));
    }

    [Fact]
    public async Task An_older_revision_changes_nothing_and_a_removed_track_is_gone_with_its_files()
    {
        var track = await Add("new", "Ana") with { Revision = 2 };
        await Catalog.UpsertAsync(track, default);
        await Catalog.UpsertAsync(track with { Revision = 1, Card = track.Card with { Title = "old" } }, default);
        Assert.Equal("new", Assert.Single(await Catalog.FindCardsAsync([track.Card.TrackId], default)).Title);
        Assert.Equal(2, await Catalog.FindRevisionAsync(track.Card.TrackId, default));

        var ledger = _database.Get<IImportLedger>();
        var file = new ImportedFile("/m/new.mp3", 5, Start);
        await ledger.NoteAsync(null, file, track.Card.TrackId, default);
        await Catalog.RemoveAsync(track.Card.TrackId, default);
        await Catalog.RemoveAsync(track.Card.TrackId, default);
        Assert.Empty(await Catalog.FindCardsAsync([track.Card.TrackId], default));
        Assert.Null(await ledger.FindAsync(null, file, default));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("W10")]
    [InlineData("!")]
    public async Task A_cursor_of_another_list_is_refused(string cursor)
    {
        var failure = await Assert.ThrowsAsync<IndiiException>(
            () => Catalog.ListAsync(Ana, new CatalogQuery(Cursor: cursor), default));

        Assert.Equal(Grains.Interfaces.Errors.ErrorCode.InvalidRequest, failure.Code);
    }

    private async Task<IEnumerable<string>> Titles(CatalogQuery query, Actor? actor = null) =>
        (await Catalog.ListAsync(actor ?? Ana, query, default)).Items.Select(card => card.Title);

    private async Task<CatalogTrack> Add(
        string title,
        string artist,
        string? album = "Album",
        int? number = null,
        string? genre = null,
        int? year = null,
        TrackVisibility visibility = TrackVisibility.Members,
        Guid? ownerId = null)
    {
        ImmutableArray<string> genres = genre is null ? [] : [genre];
        var tags = new TrackTags(title, [artist], null, album, number, null, year, genres, null, null);
        var card = new TrackCard(Guid.CreateVersion7(), title, tags.Artists, album, 1_000, visibility, ownerId, false);
        var track = new CatalogTrack(card, tags, 1, Start.AddSeconds(_added++), []);
        await Catalog.UpsertAsync(track, default);
        return track;
    }
}

using System.Collections.Immutable;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Tracks;

namespace IndiiMusic.Infrastructure.Tests.Conformance;

/// <summary>What a catalog must do, whichever database it is in; each test has a catalog of its own.</summary>
public abstract class TrackCatalogConformance(ICatalogFixture fixture) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Actor Ana = Actor.User(Guid.CreateVersion7());
    private static readonly Actor Bea = Actor.User(Guid.CreateVersion7());

    private int _added;

    private ITrackCatalog Catalog => fixture.Catalog;

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

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
                Assert.Distinct(titles);
                query = query with { Cursor = page.NextCursor };
                isLast = page.NextCursor is null;
            }

            Assert.Equal(expected, string.Join(' ', titles));
        }
    }

    [Fact]
    public async Task Filters_match_without_regard_to_case_and_accents()
    {
        await Add("Jóga", "Björk", "Homogenic", genres: ["Electronic"], year: 1997);
        await Add("Help!", "The Beatles", "Help!", genres: ["Rock"], year: 1965);

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
        await Add("mine", "Ana", visibility: TrackVisibility.Private, ownerId: Ana.UserId, genres: ["G"]);
        await Add("members", "Ana", visibility: TrackVisibility.Members, genres: ["G"]);
        await Add("public", "Ana", visibility: TrackVisibility.Public, genres: ["G"]);

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

        var ledger = fixture.Ledger;
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

    [Fact]
    public async Task A_cursor_is_refused_by_a_list_of_another_order()
    {
        await Add("a", "Ana");
        await Add("b", "Ana");
        var cursor = (await Catalog.ListAsync(Ana, new CatalogQuery(Limit: 1), default)).NextCursor;

        await Assert.ThrowsAsync<IndiiException>(() => Catalog.ListAsync(
            Ana, new CatalogQuery(Sort: CatalogSort.AddedAt, Cursor: cursor), default));
    }

    [Fact]
    public async Task Of_many_revisions_at_once_the_newest_stays()
    {
        var track = await Add("1", "Ana");
        await Task.WhenAll(Enumerable.Range(2, 19).Reverse().Select(revision => Catalog.UpsertAsync(
            track with { Revision = revision, Card = track.Card with { Title = $"{revision}" } }, default)));
        var fresh = track with { Card = track.Card with { TrackId = Guid.CreateVersion7() } };
        await Task.WhenAll(Enumerable.Range(1, 20).Select(revision => Catalog.UpsertAsync(
            fresh with { Revision = revision, Card = fresh.Card with { Title = $"{revision}" } }, default)));

        var cards = await Catalog.FindCardsAsync([track.Card.TrackId, fresh.Card.TrackId, Guid.Empty], default);
        Assert.Equal(["20", "20"], cards.Select(card => card.Title));
        Assert.Equal(20, await Catalog.FindRevisionAsync(fresh.Card.TrackId, default));
    }

    [Fact]
    public async Task Genres_count_each_track_once_however_it_writes_them()
    {
        await Add("1", "A", genres: ["Rock", "ROCK", "Pop"]);
        await Add("2", "A", genres: ["rock"]);
        await Add("3", "A", genres: ["Jazz"]);

        Assert.Equal(
            [new GenreCount("ROCK", 2), new GenreCount("Jazz", 1), new GenreCount("Pop", 1)],
            (await Catalog.ListGenresAsync(Ana, 10, default)).ToArray());
        Assert.Single(await Catalog.ListGenresAsync(Ana, 1, default));
    }

    [Fact]
    public async Task A_term_finds_the_actors_own_first_then_the_oldest()
    {
        var first = await Add("x", "A", paths: ["/a/x.mp3", "/b/X.mp3"]);
        var second = await Add("x", "A", paths: ["/c/x.mp3"]);
        var own = await Add("x", "A", ownerId: Ana.UserId, paths: ["/d/x.mp3"]);
        await Add("x", "A", visibility: TrackVisibility.Private, ownerId: Bea.UserId, paths: ["/e/x.mp3"]);

        var key = FoldedText.PathEnding("x.mp3", 1);
        var hits = await Catalog.FindByTermAsync(Ana, CatalogTermKind.FileName, key, 10, default);
        Assert.Equal(
            [own.Card.TrackId, first.Card.TrackId, first.Card.TrackId, second.Card.TrackId],
            hits.Select(hit => hit.TrackId));
        Assert.Equal(["/a/x.mp3", "/b/X.mp3", "/c/x.mp3", "/d/x.mp3"], hits.Select(hit => hit.Text).Order());
        Assert.Equal(2, (await Catalog.FindByTermAsync(Ana, CatalogTermKind.FileName, key, 2, default)).Length);
        Assert.Empty(await Catalog.FindByTermAsync(Ana, CatalogTermKind.Genre, key, 2, default));
    }

    /// <summary>Random tracks and questions, against the same said in memory.</summary>
    [Fact]
    public async Task Any_question_has_the_answer_that_its_words_say()
    {
        var random = new Random(4);
        var tracks = new List<CatalogTrack>();
        for (var i = 0; i < 120; i++)
        {
            tracks.Add(await Add(
                Pick("Jóga", "Help!", "Come Together", "ab cd", "ab", "é 1"),
                Pick("Björk", "The Beatles", "ab", "AB"),
                Pick("Homogenic", "Help", null),
                Pick<int?>(1, 2, 10, null),
                Pick(TrackVisibility.Members, TrackVisibility.Private, TrackVisibility.Public),
                Pick(Ana.UserId, Bea.UserId, null),
                Pick<string[]>([], ["Rock"], ["rock", "Pop"], ["Électro"]),
                Pick<int?>(1965, 1997, 2001, null)));
        }

        for (var i = 0; i < 150; i++)
        {
            var actor = Pick(Ana, Bea, Actor.Anonymous);
            var query = new CatalogQuery(
                Pick(null, null, "ab", "b joga", "HELP beatles", "!"),
                Pick(null, null, "bjork", "Ab"),
                Pick(null, null, "HELP", "homogenic"),
                Pick(null, null, "rock", "electro"),
                Pick<int?>(null, 1965, 1990),
                Pick<int?>(null, 1997, 2020),
                Pick(CatalogSort.Artist, CatalogSort.Title, CatalogSort.AddedAt),
                Limit: random.Next(1, 40));
            Assert.Equal(Expected(tracks, actor, query), await PagesAsync(actor, query));
        }

        T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
    }

    private static List<Guid> Expected(List<CatalogTrack> tracks, Actor actor, CatalogQuery query)
    {
        var words = FoldedText.Of(query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var heard = tracks
            .Where(track => track.Card.MayBeHeardBy(actor))
            .Where(track => Has(track, CatalogTermKind.Artist, query.Artist))
            .Where(track => Has(track, CatalogTermKind.Album, query.Album))
            .Where(track => Has(track, CatalogTermKind.Genre, query.Genre))
            .Where(track => query.YearFrom is null || track.Tags.Year >= query.YearFrom)
            .Where(track => query.YearTo is null || track.Tags.Year <= query.YearTo)
            .Where(track => words.All(
                word => FoldedText.Of($"{track.Tags.Title} {track.Tags.Artists[0]} {track.Tags.Album}")
                    .Contains(word, StringComparison.Ordinal)));
        var ordered = query.Sort switch
        {
            CatalogSort.AddedAt => heard.OrderByDescending(track => track.AddedAt),
            CatalogSort.Title => heard.OrderBy(Title, StringComparer.Ordinal).ThenBy(Id, StringComparer.Ordinal),
            _ => heard.OrderBy(track => FoldedText.Of(track.Tags.Artists[0]), StringComparer.Ordinal)
                .ThenBy(track => FoldedText.Of(track.Tags.Album ?? ""), StringComparer.Ordinal)
                .ThenBy(track => track.Tags.TrackNumber ?? 0)
                .ThenBy(Title, StringComparer.Ordinal)
                .ThenBy(Id, StringComparer.Ordinal),
        };
        return [.. ordered.Select(track => track.Card.TrackId)];

        static bool Has(CatalogTrack track, CatalogTermKind kind, string? wanted) => wanted is null
            || CatalogTerm.Of(track).Any(term => term.Kind == kind && term.Term == FoldedText.Of(wanted));

        static string Title(CatalogTrack track) => FoldedText.Of(track.Tags.Title);

        static string Id(CatalogTrack track) => track.Card.TrackId.ToString("D");
    }

    private async Task<List<Guid>> PagesAsync(Actor actor, CatalogQuery query)
    {
        var found = new List<Guid>();
        while (true)
        {
            var page = await Catalog.ListAsync(actor, query, default);
            Assert.True(page.NextCursor is null || page.Items.Length == query.Limit);
            found.AddRange(page.Items.Select(card => card.TrackId));
            Assert.Distinct(found);
            if (page.NextCursor is null)
                return found;
            query = query with { Cursor = page.NextCursor };
        }
    }

    private async Task<IEnumerable<string>> Titles(CatalogQuery query, Actor? actor = null) =>
        (await Catalog.ListAsync(actor ?? Ana, query, default)).Items.Select(card => card.Title);

    private async Task<CatalogTrack> Add(
        string title,
        string artist,
        string? album = "Album",
        int? number = null,
        TrackVisibility visibility = TrackVisibility.Members,
        Guid? ownerId = null,
        string[]? genres = null,
        int? year = null,
        string[]? paths = null)
    {
        var tags = new TrackTags(title, [artist], null, album, number, null, year, [.. genres ?? []], null, null);
        var card = new TrackCard(Guid.CreateVersion7(), title, tags.Artists, album, 1_000, visibility, ownerId, false);
        var track = new CatalogTrack(card, tags, 1, Start.AddSeconds(_added++), [.. paths ?? []]);
        await Catalog.UpsertAsync(track, default);
        return track;
    }
}

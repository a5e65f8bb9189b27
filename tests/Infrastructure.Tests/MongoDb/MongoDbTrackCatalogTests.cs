using System.Collections.Immutable;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Tracks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>What concerns the catalog in MongoDB alone: outages, and that no question looks at every track.</summary>
public sealed class MongoDbTrackCatalogTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly Actor Ana = Actor.User(Guid.CreateVersion7());

    private readonly MongoDbFixture _fixture = new(
        options =>
        {
            options.OperationTimeout = TimeSpan.FromSeconds(1);
            options.ServerSelectionTimeout = TimeSpan.FromSeconds(1);
        },
        faults: true);

    private ITrackCatalog Catalog => _fixture.Catalog;

    public Task InitializeAsync() => _fixture.InitializeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_page_looks_at_the_tracks_that_it_shows_and_at_few_more()
    {
        const int count = 400;
        for (var i = 0; i < count; i++)
            await Catalog.UpsertAsync(Track($"title {i % 7}", $"artist {i % 50}", i), default);

        foreach (var sort in Enum.GetValues<CatalogSort>())
        {
            var first = await Catalog.ListAsync(Ana, new CatalogQuery(Sort: sort, Limit: 150), default);
            await ExaminesAsync(12, () => Catalog.ListAsync(
                Ana, new CatalogQuery(Sort: sort, Limit: 10, Cursor: first.NextCursor), default));
        }

        await ExaminesAsync(8, () => Catalog.ListAsync(Ana, new CatalogQuery(Artist: "ARTIST 3", Limit: 100), default));
        await ExaminesAsync(16, () => Catalog.FindByTermAsync(
            Ana, CatalogTermKind.ArtistTitle, FoldedText.ArtistTitle("artist 3", "title 3"), 5, default));
        await ExaminesAsync(0, () => _fixture.Ledger.IsKnownAsync(null, "/nowhere", default));
    }

    [Fact]
    public async Task An_outage_is_said_to_be_one_and_what_is_tried_again_takes_effect_once()
    {
        var track = Track("title", "artist", 1);
        var id = track.Card.TrackId;
        using (_fixture.Server.Faults.OnWrites().DropAfterWrite())
        {
            await UnavailableAsync(() => Catalog.UpsertAsync(track, default));
            await UnavailableAsync(() => Catalog.RemoveAsync(id, default));
        }

        using (_fixture.Server.Faults.On("find", "aggregate").DropBeforeWrite())
        {
            await UnavailableAsync(() => Catalog.ListAsync(Ana, new CatalogQuery(), default));
            await UnavailableAsync(() => Catalog.ListGenresAsync(Ana, 5, default));
            await UnavailableAsync(() => Catalog.FindCardsAsync([id], default));
            await UnavailableAsync(() => _fixture.Ledger.IsKnownAsync(null, "/a", default));
        }

        await Catalog.UpsertAsync(track, default);
        Assert.Equal(id, Assert.Single((await Catalog.ListAsync(Ana, new CatalogQuery(), default)).Items).TrackId);
    }

    [Fact]
    public async Task A_revision_that_loses_the_race_to_be_the_first_replaces_the_older_winner()
    {
        var track = Track("title", "artist", 1);
        await Catalog.UpsertAsync(track, default);

        // On a real server two upserts can both find nothing; the key then refuses the second.
        using var fault = _fixture.Server.Faults.On("update").To("catalogTracks").Once().DuplicateKey();
        await Catalog.UpsertAsync(track with { Revision = 2 }, default);

        Assert.Equal(1, fault.Times);
        Assert.Equal(2, await Catalog.FindRevisionAsync(track.Card.TrackId, default));
    }

    [Fact]
    public async Task A_note_that_an_outage_swallows_stops_no_import()
    {
        var file = new ImportedFile("/a.mp3", 1, DateTimeOffset.UnixEpoch);
        using (var fault = _fixture.Server.Faults.On("update").NotPrimary())
        {
            await _fixture.Ledger.NoteAsync(null, file, Guid.CreateVersion7(), default);
            Assert.NotEqual(0, fault.Times);
        }

        Assert.False(await _fixture.Ledger.IsKnownAsync(null, file.Path, default));
    }

    [Fact]
    public async Task A_person_can_read_a_tracks_document()
    {
        var track = Track("Jóga", "Björk", 0) with { SourcePaths = ["/m/01 Jóga.mp3"] };
        await Catalog.UpsertAsync(track, default);

        var stored = await _fixture.Raw.GetCollection<BsonDocument>("catalogTracks").Find("{}").SingleAsync();

        var id = track.Card.TrackId.ToString();
        Assert.Equal(
            BsonDocument.Parse($$"""
                {
                  _id: '{{id}}', revision: NumberLong(1), visibility: 'members', title: 'Jóga', artists: ['Björk'],
                  album: 'Album', durationMs: NumberLong(1000), hasArtwork: false, year: 1997,
                  searchText: 'joga bjork album', genres: [{ term: 'pop', text: 'Pop' }],
                  terms: [
                    { key: 'genre:pop', text: 'Pop' }, { key: 'artist:bjork', text: 'Björk' },
                    { key: 'artistTitle:bjork|joga', text: '' }, { key: 'album:album', text: 'Album' },
                    { key: 'path:/m/01 Jóga.mp3', text: '' }, { key: 'fileName:01 joga mp3', text: '/m/01 Jóga.mp3' },
                    { key: 'folderAndFileName:m/01 joga mp3', text: '/m/01 Jóga.mp3' }],
                  order: {
                    artist: 'bjork\talbum\t0000000000\t0000000000\tjoga\t{{id}}', title: 'joga\t{{id}}',
                    added: '2026-01-01T00:00:00.0000000Z\t{{id}}' }
                }
                """),
            stored);
    }

    private static CatalogTrack Track(string title, string artist, int second)
    {
        ImmutableArray<string> artists = [artist];
        var tags = new TrackTags(title, artists, null, "Album", null, null, 1997, ["Pop"], null, null);
        var card = new TrackCard(
            Guid.CreateVersion7(), title, artists, "Album", 1_000, TrackVisibility.Members, null, false);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return new CatalogTrack(card, tags, 1, start.AddSeconds(second), []);
    }

    private static async Task UnavailableAsync(Func<Task> call) => Assert.Equal(
        Grains.Interfaces.Errors.ErrorCode.StorageUnavailable, (await Assert.ThrowsAsync<IndiiException>(call)).Code);

    private async Task ExaminesAsync(int countMax, Func<Task> question)
    {
        var before = _fixture.Server.DocumentsExamined;
        await question();
        Assert.InRange(_fixture.Server.DocumentsExamined - before, 0, countMax);
    }
}

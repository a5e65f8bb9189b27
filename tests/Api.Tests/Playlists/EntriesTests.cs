using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Pages of entries: order, cursors, past versions, ETags, and what a viewer may see of tracks.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class EntriesTests(StandaloneServer server)
{
    [Fact]
    public async Task An_entry_shows_its_track()
    {
        using var ana = await Person.SignUp(server);
        var track = await Person.EnterTrack(server, "First light");
        var playlist = await ana.MakePlaylist(trackIds: [track]);

        var page = (await ana.Get($"{playlist}/entries")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(1, page.GetProperty("entryCount").GetInt32());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("nextCursor").ValueKind);
        var entry = page.GetProperty("items")[0];
        Assert.Equal(track, entry.GetProperty("trackId").GetGuid());
        Assert.Equal(ana.Id, entry.GetProperty("addedBy").GetGuid());
        Assert.Equal(
            """{"available":true,"title":"First light","artists":["Ana","Bo"],"album":"Album",""" +
            "\"durationMs\":180000,\"hasArtwork\":false}",
            entry.GetProperty("track").GetRawText());
    }

    [Fact]
    public async Task A_track_that_a_viewer_may_not_hear_is_unavailable_and_says_nothing_of_itself()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        using var stranger = Person.Stranger(server);
        Guid[] tracks =
        [
            await Person.EnterTrack(server, "Everybody", TrackVisibility.Public),
            await Person.EnterTrack(server, "Members"),
            await Person.EnterTrack(server, "Secret", TrackVisibility.Private, ana.Id),
            Guid.CreateVersion7(),
        ];
        var playlist = await ana.MakePlaylist("public", tracks);

        // Twice, so that what is kept of one viewer's page would show in another's.
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(["Everybody", "Members", "Secret", "-"], await Titles(ana, playlist));
            Assert.Equal(["Everybody", "Members", "-", "-"], await Titles(bo, playlist));
            Assert.Equal(["Everybody", "-", "-", "-"], await Titles(stranger, playlist));
        }

        var hidden = (await bo.Get($"{playlist}/entries")).Body.GetProperty("items")[2].GetProperty("track");
        Assert.Equal("""{"available":false}""", hidden.GetRawText());
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_miss_an_entry_while_others_edit()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(10));
        var first = (await ana.Get($"{playlist}/entries?limit=4")).Body;
        var seen = Ids(first);
        var cursor = first.GetProperty("nextCursor").GetString();

        // The cursor's own entry goes, and something comes in before it.
        await ana.Apply(
            playlist,
            new { kind = "remove", entryIds = new[] { seen[3] } },
            new { kind = "insert", trackIds = Person.NewTracks(2), after = "start" });
        var rest = (await ana.Get($"{playlist}/entries?limit=50&cursor={cursor}")).Body;

        Assert.Equal([5, 6, 7, 8, 9, 10], Ids(rest));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task A_past_version_stays_readable_page_by_page()
    {
        using var ana = await Person.SignUp(server);
        var tracks = Person.NewTracks(7);
        var playlist = await ana.MakePlaylist(trackIds: tracks);
        var version = (await ana.Read(playlist)).GetProperty("version").GetInt64();
        await ana.Apply(playlist, new { kind = "remove", entryIds = new[] { 1, 2, 3, 4, 5 } });

        for (var round = 0; round < 2; round++)
        {
            var past = await ana.Entries(playlist, $"limit=3&version={version}");
            Assert.Equal(tracks, past.Select(entry => entry.GetProperty("trackId").GetGuid()));
        }

        Assert.Equal(2, (await ana.EntryIds(playlist)).Count);
        (await ana.Get($"{playlist}/entries?version=999")).Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Who_has_the_page_already_hears_304_until_entries_change()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist(trackIds: Person.NewTracks(3));
        var entries = $"{playlist}/entries";
        var seen = await ana.Get(entries);
        var contentVersion = seen.Body.GetProperty("contentVersion").GetInt64();

        Assert.StartsWith($"\"{contentVersion}-", seen.ETag);
        var again = await ana.Get(entries, seen.ETag);
        Assert.Equal((HttpStatusCode.NotModified, seen.ETag, ""), (again.Status, again.ETag, again.Text));

        await ana.Patch(playlist, new { name = "Rail" });
        Assert.Equal(HttpStatusCode.NotModified, (await ana.Get(entries, seen.ETag)).Status);

        await ana.Apply(playlist, new { kind = "remove", entryIds = new[] { 2 } });
        var changed = await ana.Get(entries, seen.ETag);
        Assert.Equal([1, 3], Ids(changed.Expect(HttpStatusCode.OK).Body));
    }

    [Fact]
    public async Task A_page_kept_for_others_is_closed_to_who_lost_access()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist("public", Person.NewTracks(3));
        var seen = (await bo.Get($"{playlist}/entries")).Expect(HttpStatusCode.OK);

        await ana.Patch(playlist, new { visibility = "private" });

        (await bo.Get($"{playlist}/entries")).Expect(HttpStatusCode.NotFound, "not_found");
        (await bo.Get($"{playlist}/entries", seen.ETag)).Expect(HttpStatusCode.NotFound, "not_found");
        (await bo.Get($"{playlist}/entries?version=1")).Expect(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("limit=0", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("limit=501", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("limit=ten", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("cursor=x", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("cursor=999", HttpStatusCode.UnprocessableEntity, "unknown_entry")]
    [InlineData("version=0", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task A_page_that_cannot_be_read_says_why(string query, HttpStatusCode status, string code)
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        (await ana.Get($"{playlist}/entries?{query}")).Expect(status, code);
    }

    private static async Task<IEnumerable<string?>> Titles(Person viewer, string playlist) =>
        (await viewer.Entries(playlist)).Select(entry => entry.GetProperty("track"))
        .Select(track => track.GetProperty("available").GetBoolean() ? track.GetProperty("title").GetString() : "-");

    private static int[] Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("entryId").GetInt32())];
}

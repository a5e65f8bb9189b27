using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Api.Tests.Playlists;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tests.Library;

/// <summary>The caller's own playlists, those that the caller follows, and favourites.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class LibraryTests(StandaloneServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Who_makes_a_playlist_finds_it_at_once_newest_first()
    {
        using var ana = await Person.SignUp(server);
        var first = await ana.MakePlaylist();
        var second = await ana.MakePlaylist();
        var third = await ana.MakePlaylist();

        Assert.Equal([third, second, first], Paths((await ana.Get("/me/playlists")).Expect(HttpStatusCode.OK).Body));

        var page = (await ana.Get("/me/playlists?limit=2")).Body;
        Assert.Equal([third, second], Paths(page));
        var cursor = page.GetProperty("nextCursor").GetString();
        Assert.Equal([first], Paths((await ana.Get($"/me/playlists?limit=2&cursor={cursor}")).Body));
        Assert.Equal("owner", page.GetProperty("items")[0].GetProperty("role").GetString());
    }

    [Fact]
    public async Task Who_is_given_a_role_finds_the_playlist_and_loses_it_with_the_role()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist("public");

        await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "editor" });
        await Until(async () =>
            Paths((await bo.Get("/me/playlists?role=editor")).Body) is [{ } found] && found == playlist);
        Assert.Empty(Paths((await bo.Get("/me/playlists?role=viewer")).Body));

        await ana.Delete($"{playlist}/collaborators/{bo.Id}");
        Assert.Empty(Paths((await bo.Get("/me/playlists")).Body));
    }

    [Fact]
    public async Task Who_accepts_an_invite_or_forks_finds_the_playlist_at_once()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var invite = await ana.Post($"{playlist}/invites", new { role = "viewer" });
        await bo.Post($"/invites/{invite.Body.GetProperty("token").GetString()}/accept");
        var fork = (await bo.Post($"{playlist}/fork")).Body.GetProperty("id").GetGuid();

        Assert.Equal([$"/playlists/{fork}", playlist], Paths((await bo.Get("/me/playlists")).Body));
        Assert.Equal([playlist], Paths((await bo.Get("/me/playlists?role=viewer")).Body));
    }

    [Fact]
    public async Task A_deleted_playlist_leaves_every_library()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        await ana.Put($"{playlist}/collaborators/{bo.Id}", new { role = "viewer" });
        await Until(async () => Paths((await bo.Get("/me/playlists")).Body).Length == 1);

        await ana.Delete(playlist);

        Assert.Empty(Paths((await ana.Get("/me/playlists")).Body));
        Assert.Empty(Paths((await bo.Get("/me/playlists")).Body));
        var kept = await server.Grains.GetGrain<ILibraryGrain>(bo.Id).GetPlaylists(null, 10, null);
        Assert.Empty(kept.Items);
    }

    [Fact]
    public async Task Playlists_that_may_be_read_can_be_followed()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var open = await ana.MakePlaylist("public");
        var closed = await ana.MakePlaylist();

        (await bo.Put(Following(open))).Expect(HttpStatusCode.NoContent);
        (await bo.Put(Following(open))).Expect(HttpStatusCode.NoContent);
        (await bo.Put(Following(closed))).Expect(HttpStatusCode.NotFound, "not_found");
        Assert.Equal([open], Paths((await bo.Get("/me/following")).Expect(HttpStatusCode.OK).Body));

        await ana.Patch(open, new { visibility = "private" });
        Assert.Empty(Paths((await bo.Get("/me/following")).Body));
        await ana.Patch(open, new { visibility = "unlisted" });
        Assert.Equal([open], Paths((await bo.Get("/me/following")).Body));

        (await bo.Delete(Following(open))).Expect(HttpStatusCode.NoContent);
        (await bo.Delete(Following(open))).Expect(HttpStatusCode.NoContent);
        Assert.Empty(Paths((await bo.Get("/me/following")).Body));
    }

    [Fact]
    public async Task Favourites_are_tracks_that_one_may_hear()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var first = await Person.EnterTrack(server, "First light");
        var second = await Person.EnterTrack(server, "Second wind");
        var secret = await Person.EnterTrack(server, "Secret", TrackVisibility.Private, bo.Id);

        var added = (await ana.Put($"/me/favourites/{first}")).Expect(HttpStatusCode.OK);
        Assert.Equal("First light", added.Body.GetProperty("track").GetProperty("title").GetString());
        (await ana.Put($"/me/favourites/{second}")).Expect(HttpStatusCode.OK);
        Assert.Equal(added.Text, (await ana.Put($"/me/favourites/{first}")).Text);
        (await ana.Put($"/me/favourites/{secret}")).Expect(HttpStatusCode.NotFound, "not_found");
        (await ana.Put($"/me/favourites/{Guid.CreateVersion7()}")).Expect(HttpStatusCode.NotFound, "not_found");

        Assert.Equal([second, first], Tracks((await ana.Get("/me/favourites")).Expect(HttpStatusCode.OK).Body));
        var page = (await ana.Get("/me/favourites?limit=1")).Body;
        var cursor = page.GetProperty("nextCursor").GetString();
        Assert.Equal([first], Tracks((await ana.Get($"/me/favourites?limit=1&cursor={cursor}")).Body));
        (await ana.Get($"/me/favourites/{first}")).Expect(HttpStatusCode.OK);

        (await ana.Delete($"/me/favourites/{first}")).Expect(HttpStatusCode.NoContent);
        (await ana.Delete($"/me/favourites/{first}")).Expect(HttpStatusCode.NoContent);
        (await ana.Get($"/me/favourites/{first}")).Expect(HttpStatusCode.NotFound, "not_found");
        Assert.Equal([second], Tracks((await ana.Get("/me/favourites")).Body));
    }

    [Theory]
    [InlineData("/me/playlists?role=king")]
    [InlineData("/me/playlists?cursor=x")]
    [InlineData("/me/following?limit=501")]
    [InlineData("/me/favourites?cursor=-1")]
    public async Task A_list_that_cannot_be_read_says_why(string path)
    {
        using var ana = await Person.SignUp(server);

        (await ana.Get(path)).Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData("/me/playlists")]
    [InlineData("/me/following")]
    [InlineData("/me/favourites")]
    public async Task A_library_is_its_owners_alone(string path)
    {
        using var stranger = Person.Stranger(server);

        (await stranger.Get(path)).Expect(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static string Following(string playlist) => playlist.Replace("/playlists", "/me/following");

    private static string[] Paths(JsonElement page) =>
    [
        .. page.GetProperty("items").EnumerateArray()
            .Select(item => $"/playlists/{item.GetProperty("id").GetGuid()}"),
    ];

    private static Guid[] Tracks(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("trackId").GetGuid())];

    /// <summary>News of others' doing comes by the stream, within moments.</summary>
    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
            await Task.Delay(20, patience.Token);
    }
}

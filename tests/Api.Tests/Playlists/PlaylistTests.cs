using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>The playlist itself: making, reading, changing and deleting it.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class PlaylistTests(StandaloneServer server)
{
    [Fact]
    public async Task A_new_playlist_is_its_makers_own_and_private()
    {
        using var ana = await Person.SignUp(server);

        var made = (await ana.Post("/playlists", new { name = " Road " })).Expect(HttpStatusCode.Created);

        var id = made.Body.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/playlists/{id}", made.Location);
        Assert.Equal(
            """{"name":"Road","description":"","visibility":"private","duplicates":"allow",""" +
            "\"entryCount\":0,\"role\":\"owner\"}",
            Only(made.Body, "name", "description", "visibility", "duplicates", "entryCount", "role"));
        Assert.Equal(ana.Id, made.Body.GetProperty("createdBy").GetGuid());
        Assert.EndsWith("Z", made.Body.GetProperty("createdAt").GetString());
        var capabilities = made.Body.GetProperty("capabilities").EnumerateArray().Select(word => word.GetString());
        Assert.Contains("delete", capabilities);
        Assert.False(made.Body.TryGetProperty("forkedFrom", out _));
        Assert.Equal(made.Body.GetRawText(), (await ana.Read($"/playlists/{id}")).GetRawText());
    }

    [Fact]
    public async Task A_playlist_begins_with_the_tracks_it_is_given()
    {
        using var ana = await Person.SignUp(server);
        var tracks = Person.NewTracks(3);

        var playlist = await ana.MakePlaylist(trackIds: tracks);

        Assert.Equal(tracks, await ana.TrackIds(playlist));
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":7}""", "name")]
    [InlineData("""{"name":"Road","visibility":"secret"}""", "visibility")]
    [InlineData("""{"name":"Road","trackIds":["x"]}""", "trackIds[0]")]
    public async Task A_playlist_that_cannot_be_made_names_the_field(string body, string field)
    {
        using var ana = await Person.SignUp(server);

        var answer = await ana.Post("/playlists", Json(body));

        answer.Expect(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal([field], answer.Fields());
    }

    [Fact]
    public async Task Names_and_descriptions_have_limits()
    {
        using var ana = await Person.SignUp(server);

        (await ana.Post("/playlists", new { name = new string('n', 201) }))
            .Expect(HttpStatusCode.UnprocessableEntity, "limit_exceeded");
        (await ana.Post("/playlists", new { name = "Road", description = new string('d', 4_001) }))
            .Expect(HttpStatusCode.UnprocessableEntity, "limit_exceeded");
    }

    [Fact]
    public async Task Who_is_not_signed_in_makes_and_changes_nothing()
    {
        using var ana = await Person.SignUp(server);
        using var stranger = Person.Stranger(server);
        var playlist = await ana.MakePlaylist("public");

        (await stranger.Post("/playlists", new { name = "Road" }))
            .Expect(HttpStatusCode.Unauthorized, "unauthenticated");
        (await stranger.Patch(playlist, new { name = "Rail" })).Expect(HttpStatusCode.Unauthorized, "unauthenticated");
        (await stranger.Delete(playlist)).Expect(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("private", HttpStatusCode.NotFound)]
    [InlineData("unlisted", HttpStatusCode.OK)]
    [InlineData("public", HttpStatusCode.OK)]
    public async Task Visibility_decides_who_reads_without_a_role(string visibility, HttpStatusCode status)
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        using var stranger = Person.Stranger(server);
        var playlist = await ana.MakePlaylist(visibility);

        Assert.Equal(status, (await bo.Get(playlist)).Status);
        Assert.Equal(status, (await stranger.Get(playlist)).Status);
        Assert.Equal(status, (await stranger.Get($"{playlist}/entries")).Status);
        Assert.Equal(status, (await stranger.Get($"{playlist}/history")).Status);
    }

    [Fact]
    public async Task A_playlist_that_never_was_is_not_found()
    {
        using var ana = await Person.SignUp(server);

        (await ana.Get($"/playlists/{Guid.CreateVersion7()}")).Expect(HttpStatusCode.NotFound, "not_found");
        (await ana.Get("/playlists/not-an-id")).Expect(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_token_that_is_not_good_is_refused_even_where_none_is_needed()
    {
        using var ana = await Person.SignUp(server);
        using var late = Person.WithToken(server, $"{ana.Token}x");
        var playlist = await ana.MakePlaylist("public");

        (await late.Get(playlist)).Expect(HttpStatusCode.Unauthorized, "unauthenticated");
        (await late.Get($"{playlist}/entries")).Expect(HttpStatusCode.Unauthorized, "unauthenticated");
        (await late.Get($"{playlist}/history")).Expect(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task Details_change_one_by_one()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        var changed = await ana.Patch(playlist, new { description = "For the way", visibility = "unlisted" });

        changed.Expect(HttpStatusCode.OK);
        Assert.Equal(
            """{"name":"Road","description":"For the way","visibility":"unlisted","duplicates":"allow"}""",
            Only(changed.Body, "name", "description", "visibility", "duplicates"));
        Assert.Equal(changed.ETag, (await ana.Get(playlist)).ETag);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"nmae":"Rail"}""")]
    [InlineData("""{"visibility":"secret"}""")]
    public async Task A_change_that_says_nothing_is_refused(string body)
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();

        (await ana.Patch(playlist, Json(body))).Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Who_has_the_playlist_already_hears_304_until_anything_of_it_changes()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist("public");
        var seen = await ana.Get(playlist);

        Assert.Equal(HttpStatusCode.NotModified, (await ana.Get(playlist, seen.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotModified, (await ana.Get(playlist, $"\"x\", W/{seen.ETag}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bo.Get(playlist, seen.ETag)).Status);

        await ana.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });

        var after = (await ana.Get(playlist, seen.ETag)).Expect(HttpStatusCode.OK);
        Assert.Equal(1, after.Body.GetProperty("entryCount").GetInt32());
    }

    [Fact]
    public async Task If_match_holds_while_the_details_are_at_its_version()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var seen = await ana.Get(playlist);
        await ana.Apply(playlist, new { kind = "append", trackIds = Person.NewTracks(1) });

        (await ana.Patch(playlist, new { name = "Rail" }, ifMatch: seen.ETag)).Expect(HttpStatusCode.OK);
        (await ana.Patch(playlist, new { name = "Sea" }, ifMatch: seen.ETag))
            .Expect(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await ana.Delete(playlist, ifMatch: seen.ETag))
            .Expect(HttpStatusCode.PreconditionFailed, "version_mismatch");

        var version = (await ana.Read(playlist)).GetProperty("detailsVersion").GetInt64();
        (await ana.Patch(playlist, new { name = "Sea" }, ifMatch: $"\"{version}\"")).Expect(HttpStatusCode.OK);
        (await ana.Patch(playlist, new { name = "Air" }, ifMatch: "*")).Expect(HttpStatusCode.OK);
        (await ana.Patch(playlist, new { name = "X" }, ifMatch: "\"nonsense\""))
            .Expect(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await ana.Patch(playlist, new { name = "X" }, ifMatch: "\"1\", \"2\""))
            .Expect(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_deleted_playlist_is_gone_for_everybody()
    {
        using var ana = await Person.SignUp(server);
        using var bo = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist("public");

        (await bo.Delete(playlist)).Expect(HttpStatusCode.Forbidden, "forbidden");
        (await ana.Delete(playlist)).Expect(HttpStatusCode.NoContent);

        (await ana.Get(playlist)).Expect(HttpStatusCode.NotFound, "not_found");
        (await bo.Get($"{playlist}/entries")).Expect(HttpStatusCode.NotFound, "not_found");
        (await ana.Delete(playlist)).Expect(HttpStatusCode.NotFound, "not_found");
    }

    internal static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    internal static string Only(JsonElement body, params string[] members) =>
        $"{{{string.Join(',', members.Select(member => $"\"{member}\":{body.GetProperty(member).GetRawText()}"))}}}";
}

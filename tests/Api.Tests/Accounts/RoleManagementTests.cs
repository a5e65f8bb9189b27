using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Api.Tests.Playlists;
using IndiiMusic.Api.Tests.Playlists.Live;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Api.Tests.Accounts;

/// <summary>Who gives roles, and what curators and moderators may do with what is not theirs.</summary>
[Collection(StandaloneCollection.Name)]
public sealed class RoleManagementTests(StandaloneServer server)
{
    private const string LiveRoute = "/hubs/playlists";
    private const string Everything = "playlists:read playlists:write tracks:read tracks:write profile admin";

    [Fact]
    public async Task A_new_account_is_a_listener_and_an_artist()
    {
        using var ana = await LogInAsync(Roles.Ordinary);

        var me = (await ana.Get("/me")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(["listener", "artist"], Words(me, "roles"));
    }

    [Fact]
    public async Task An_administrator_gives_and_takes_roles_and_sees_them()
    {
        using var admin = await LogInAsync(Roles.Ordinary | Roles.Administrator);
        var user = await TestUser.CreateAsync(server);

        var given = (await admin.Put($"/users/{user.Id}/roles", new { roles = new[] { "curator", "listener" } }))
            .Expect(HttpStatusCode.OK).Body;
        var seen = (await admin.Get($"/users/{user.Id}")).Expect(HttpStatusCode.OK).Body;
        using var plain = await LogInAsync(Roles.Ordinary);
        var seenByOthers = (await plain.Get($"/users/{user.Id}")).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(["listener", "curator"], Words(given, "roles"));
        Assert.Equal(["listener", "curator"], Words(seen, "roles"));
        Assert.False(seenByOthers.TryGetProperty("roles", out _));
        (await admin.Put($"/users/{Guid.CreateVersion7()}/roles", new { roles = new[] { "curator" } }))
            .Expect(HttpStatusCode.NotFound, "not_found");
        var wrong = (await admin.Put($"/users/{user.Id}/roles", new { roles = new[] { "king" } }))
            .Expect(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(["roles"], wrong.Fields());
    }

    [Fact]
    public async Task A_role_that_was_taken_ends_within_seconds_over_REST_and_the_hub()
    {
        using var ana = await LogInAsync(Roles.Ordinary);
        var playlist = await ana.MakePlaylist();
        var id = playlist.Split('/')[^1];
        await using var hub = Connect(ana.Token!);
        await hub.StartAsync();
        await hub.InvokeAsync("Join", id, (long?)null);
        await hub.InvokeAsync<JsonElement>("Apply", id, Command());

        await RouteAccessTests.GiveAsync(server, IdOf(ana), Roles.None);

        await UntilAsync(async () => (await ana.Get(playlist)).Code == "forbidden");
        var refused = await Assert.ThrowsAsync<HubException>(
            () => hub.InvokeAsync<JsonElement>("Apply", id, Command()));
        Assert.Contains("\"forbidden\"", refused.Message, StringComparison.Ordinal);

        await RouteAccessTests.GiveAsync(server, IdOf(ana), Roles.Listener);
        await UntilAsync(async () => (await ana.Get(playlist)).Status == HttpStatusCode.OK);
        await hub.InvokeAsync<JsonElement>("Apply", id, Command());
    }

    [Fact]
    public async Task Scopes_narrow_the_hub_as_they_narrow_REST_and_a_refresh_does_not_widen_them()
    {
        using var ana = await LogInAsync(Roles.Ordinary);
        var id = (await ana.MakePlaylist("public")).Split('/')[^1];
        var bo = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();
        var (_, narrow) = await client.Post(
            "/auth/login", new { login = bo.Username, TestUser.Password, scope = "playlists:read" });
        var (widened, _) = await client.Post(
            "/auth/refresh", new { refreshToken = narrow.Text("refreshToken"), scope = "playlists:write" });
        var (_, again) = await client.Post("/auth/refresh", new { refreshToken = narrow.Text("refreshToken") });
        Assert.Equal(HttpStatusCode.BadRequest, widened);
        Assert.Equal("playlists:read", again.Text("scope"));
        await using var hub = Connect(again.Text("accessToken"));
        await hub.StartAsync();

        await hub.InvokeAsync("Join", id, (long?)null);
        var refused = await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<JsonElement>(
            "Apply", id, new { operationId = "x", ops = Array.Empty<object>() }));
        Assert.Contains("\"insufficient_scope\"", refused.Message, StringComparison.Ordinal);

        var (_, other) = await client.Post(
            "/auth/login", new { login = bo.Username, TestUser.Password, scope = "tracks:read" });
        await using var shut = Connect(other.Text("accessToken"));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => shut.StartAsync());
        Assert.Equal(HttpStatusCode.Forbidden, failure.StatusCode);
        var (status, body) = await client.Post(
            "/auth/login", new { login = bo.Username, TestUser.Password, scope = "playlists:read everything" });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (status, body.Code()));
    }

    [Fact]
    public async Task A_curator_changes_the_librarys_tracks_and_nobody_elses()
    {
        using var curator = await LogInAsync(Roles.Curator);
        using var ana = await LogInAsync(Roles.Ordinary);
        var ofLibrary = await Person.EnterTrack(server, "Before");
        var ofAna = await Person.EnterTrack(server, "Ana's", ownerId: IdOf(ana));

        (await ana.Patch($"/tracks/{ofLibrary}", new { title = "After" }))
            .Expect(HttpStatusCode.Forbidden, "forbidden");
        var changed = (await curator.Patch($"/tracks/{ofLibrary}", new { title = "After" })).Expect(HttpStatusCode.OK);
        Assert.Equal("After", changed.Body.GetProperty("title").GetString());
        (await curator.Patch($"/tracks/{ofAna}", new { title = "x" })).Expect(HttpStatusCode.Forbidden, "forbidden");
        (await curator.Delete($"/tracks/{ofLibrary}")).Expect(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_moderator_deletes_others_tracks_but_does_not_reach_private_ones()
    {
        using var moderator = await LogInAsync(Roles.Moderator);
        using var withoutScope = await LogInAsync(Roles.Moderator, scope: "tracks:read tracks:write");
        using var ana = await LogInAsync(Roles.Ordinary);
        var shown = await Person.EnterTrack(server, "Shown", ownerId: IdOf(ana));
        var own = await Person.EnterTrack(server, "Own", TrackVisibility.Private, IdOf(ana));

        (await withoutScope.Delete($"/tracks/{shown}")).Expect(HttpStatusCode.Forbidden, "forbidden");
        (await moderator.Patch($"/tracks/{shown}", new { title = "x" })).Expect(HttpStatusCode.Forbidden, "forbidden");
        (await moderator.Delete($"/tracks/{shown}")).Expect(HttpStatusCode.NoContent);
        (await ana.Get($"/tracks/{shown}")).Expect(HttpStatusCode.NotFound);
        (await moderator.Delete($"/tracks/{own}")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_moderator_hides_or_deletes_what_is_public_and_nothing_else()
    {
        using var moderator = await LogInAsync(Roles.Moderator);
        using var ana = await LogInAsync(Roles.Ordinary);
        var hidden = await ana.MakePlaylist("public");
        var deleted = await ana.MakePlaylist("public");
        var own = await ana.MakePlaylist();
        var unlisted = await ana.MakePlaylist("unlisted");

        Assert.Equal(["read", "delete", "hide"], Words(await moderator.Read(hidden), "capabilities"));
        (await moderator.Patch(hidden, new { name = "x" })).Expect(HttpStatusCode.Forbidden);
        (await moderator.Patch(hidden, new { visibility = "private", name = "x" })).Expect(HttpStatusCode.Forbidden);
        (await moderator.Patch(hidden, new { visibility = "unlisted" })).Expect(HttpStatusCode.Forbidden);
        (await moderator.Patch(hidden, new { visibility = "private" })).Expect(HttpStatusCode.NoContent);
        (await moderator.Get(hidden)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("private", (await ana.Read(hidden)).GetProperty("visibility").GetString());
        (await moderator.Delete(deleted)).Expect(HttpStatusCode.NoContent);
        (await ana.Get(deleted)).Expect(HttpStatusCode.NotFound);
        (await moderator.Delete(own)).Expect(HttpStatusCode.NotFound);
        (await moderator.Delete(unlisted)).Expect(HttpStatusCode.Forbidden);
    }

    private static object Command() => new
    {
        operationId = Guid.CreateVersion7(),
        ops = new[] { new { kind = "append", trackIds = Person.NewTracks(1) } },
    };

    private static string[] Words(JsonElement body, string member) =>
        [.. body.GetProperty(member).EnumerateArray().Select(word => word.GetString()!)];

    private static Guid IdOf(Person person) => Guid.Parse(
        new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(person.Token).Subject);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(8), "It did not come to be within seconds.");
            await Task.Delay(100);
        }
    }

    private HubConnection Connect(string token) => new HubConnectionBuilder()
        .WithUrl(server.Address + LiveRoute, http => http.AccessTokenProvider = () => Task.FromResult<string?>(token))
        .Build();

    private async Task<Person> LogInAsync(Roles roles, string scope = Everything)
    {
        var user = await TestUser.CreateAsync(server);
        if (roles != Roles.Ordinary)
            await RouteAccessTests.GiveAsync(server, user.Id, roles);
        using var client = server.CreateClient();
        var (_, tokens) = await client.Post("/auth/login", new { login = user.Username, TestUser.Password, scope });
        return Person.WithToken(server, tokens.Text("accessToken"));
    }
}

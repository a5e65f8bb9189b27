using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Api.Tests.Auth;

[Collection(StandaloneCollection.Name)]
public sealed class PersonalTokenTests(StandaloneServer server)
{
    [Fact]
    public async Task A_token_is_made_after_a_proof_shown_once_used_listed_and_revoked()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        var before = await client.Post("/me/tokens", new { name = "backup", scopes = new[] { "playlists:read" } });
        await client.StepUp();

        var (status, made) = await client.Post(
            "/me/tokens", new { name = "backup", scopes = new[] { "playlists:read" } });
        var token = made.Text("token");
        using var script = ClientOf(token);
        var used = await script.Get("/me/playlists");
        var (_, list) = await client.Get("/me/tokens");
        var listed = Assert.Single(list.GetProperty("items").EnumerateArray());
        using var revoked = await client.DeleteAsync($"/api/v1/me/tokens/{listed.Text("id")}");
        var after = await script.Get("/me/playlists");
        using var again = await client.DeleteAsync($"/api/v1/me/tokens/{listed.Text("id")}");

        Assert.Equal((HttpStatusCode.Forbidden, "step_up_required"), (before.Status, before.Body.Code()));
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.StartsWith("indii_pat_", token);
        Assert.Equal(HttpStatusCode.OK, used.Status);
        Assert.Equal("backup", listed.Text("name"));
        Assert.EndsWith(listed.Text("lastCharacters"), token);
        Assert.NotEqual(JsonValueKind.Null, listed.GetProperty("lastUsedAt").ValueKind);
        Assert.DoesNotContain(token, list.GetRawText());
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.Status);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_token_allows_what_its_scopes_say_and_never_what_changes_a_log_in()
    {
        var user = await TestUser.CreateAsync(server);
        using var script = ClientOf(await MakeAsync(user, "playlists:read"));

        var reads = await script.Get("/me/playlists");
        var writes = await script.Post("/playlists", new { name = "No" });
        var tokens = await script.Post("/me/tokens", new { name = "more", scopes = new[] { "playlists:read" } });
        var list = await script.Get("/me/tokens");
        var stepUp = await script.Post("/auth/step-up", new { password = TestUser.Password });
        var logOut = await script.Post("/auth/logout", new { });

        Assert.Equal(HttpStatusCode.OK, reads.Status);
        Assert.Equal(HttpStatusCode.Forbidden, writes.Status);
        foreach (var refused in (ReadOnlySpan<(HttpStatusCode Status, JsonElement Body)>)[tokens, list, stepUp, logOut])
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal(HttpStatusCode.OK, (await script.Get("/me/playlists")).Status);
    }

    [Fact]
    public async Task The_hub_takes_a_token_and_ends_with_it()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        var (_, playlist) = await client.Post("/playlists", new { name = "Watched" });
        await client.StepUp();
        var (_, made) = await client.Post("/me/tokens", new { name = "bot", scopes = new[] { "playlists:read" } });
        var ended = new TaskCompletionSource();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(server.Address + "/hubs/playlists", http =>
                http.AccessTokenProvider = () => Task.FromResult<string?>(made.Text("token")))
            .Build();
        hub.Closed += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync();
        await hub.InvokeAsync("Join", playlist.Text("id"), null);

        var id = made.GetProperty("personalToken").Text("id");
        using var revoked = await client.DeleteAsync($"/api/v1/me/tokens/{id}");

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_token_of_nobody_is_refused_as_any_other_would_be()
    {
        var user = await TestUser.CreateAsync(server);
        var token = await MakeAsync(user, "playlists:read");
        var mistyped = token[..^1] + (token[^1] == 'x' ? 'y' : 'x');
        var madeUp = new IndiiMusic.Grains.Interfaces.Auth.PersonalToken(user.Id, new byte[32]).Encode();
        foreach (var wrong in (string[])[mistyped, madeUp, "indii_pat_", token + token])
        {
            using var script = ClientOf(wrong);
            var (status, body) = await script.Get("/me/playlists");

            Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (status, body.Code()));
        }
    }

    [Theory]
    [InlineData("admin", "scopes[0]")]
    [InlineData("everything", "scopes[0]")]
    public async Task Scopes_that_the_caller_has_not_are_refused(string scope, string field)
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        await client.StepUp();

        var (status, body) = await client.Post("/me/tokens", new { name = "x", scopes = new[] { scope } });

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (status, body.Code()));
        Assert.True(body.GetProperty("errors").TryGetProperty(field, out _), body.GetRawText());
    }

    [Fact]
    public async Task A_wrong_password_proves_nothing()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);

        var (status, body) = await client.Post("/auth/step-up", new { password = "wrong horse" });
        var (made, _) = await client.Post("/me/tokens", new { name = "x", scopes = new[] { "playlists:read" } });

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credentials"), (status, body.Code()));
        Assert.Equal(HttpStatusCode.Forbidden, made);
    }

    private HttpClient ClientOf(string token)
    {
        var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<string> MakeAsync(TestUser user, params string[] scopes)
    {
        using var client = user.CreateClient(server);
        await client.StepUp();
        var (status, made) = await client.Post("/me/tokens", new { name = "script", scopes });
        Assert.Equal(HttpStatusCode.Created, status);
        return made.Text("token");
    }
}

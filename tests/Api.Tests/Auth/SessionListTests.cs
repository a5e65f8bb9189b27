using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Tests.Auth;

[Collection(StandaloneCollection.Name)]
public sealed class SessionListTests(StandaloneServer server)
{
    [Fact]
    public async Task Each_log_in_is_a_session_with_its_device_and_the_one_that_asks_is_marked()
    {
        var user = await TestUser.CreateAsync(server);
        using var phone = await LogInAsync(user, "Indii/1.4 \t (Android)");
        using var tv = await LogInAsync(user, "TV", deviceName: "Living \u202eroom");

        var seen = await ListAsync(phone);

        Assert.Equal(["Living room", "Indii/1.4 (Android)", null], seen.Select(session => Text(session, "device")));
        Assert.Equal([false, true, false], seen.Select(session => session.GetProperty("isCurrent").GetBoolean()));
        Assert.All(seen, session => Assert.Equal("127.0.0.1", session.Text("address")));
        Assert.All(seen, session => Assert.Equal(session.Text("createdAt"), session.Text("lastSeenAt")));
        Assert.Contains("playlists:read", seen[0].Text("scope"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_named_and_unnamed()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        var id = (await ListAsync(client)).Single().GetProperty("id").GetGuid();

        var (status, named) = await client.Patch($"/me/sessions/{id}", new { name = " The \n laptop " });
        var (_, unnamed) = await client.Patch($"/me/sessions/{id}", new { name = (string?)null });

        Assert.Equal((HttpStatusCode.OK, "The laptop"), (status, named.Text("name")));
        Assert.True(named.GetProperty("isCurrent").GetBoolean());
        Assert.Null(Text(unnamed, "name"));
    }

    [Fact]
    public async Task A_session_ends_another_at_once_and_its_refresh_token_with_it()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        using var lost = await LogInAsync(user, "lost phone");
        var id = (await ListAsync(lost)).Single(session => session.GetProperty("isCurrent").GetBoolean())
            .GetProperty("id").GetGuid();

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(client, $"/me/sessions/{id}"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await lost.Get("/me")).Status);
        Assert.Single(await ListAsync(client));
        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(client, $"/me/sessions/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.Patch($"/me/sessions/{id}", new { name = "x" })).Status);
    }

    [Fact]
    public async Task All_others_end_and_the_one_that_asks_goes_on()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        using var second = await LogInAsync(user, "second");
        using var third = await LogInAsync(user, "third");

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(second, "/me/sessions"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.Get("/me")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await third.Get("/me")).Status);
        var left = Assert.Single(await ListAsync(second));
        Assert.Equal("second", left.Text("device"));
        using var anonymous = server.CreateClient();
        var (refreshed, _) = await anonymous.Post("/auth/refresh", new { refreshToken = user.RefreshToken });
        Assert.Equal(HttpStatusCode.Unauthorized, refreshed);
    }

    [Fact]
    public async Task Anothers_session_is_not_there()
    {
        var ana = await TestUser.CreateAsync(server);
        using var ofAna = ana.CreateClient(server);
        var id = (await ListAsync(ofAna)).Single().GetProperty("id").GetGuid();
        using var ofBo = (await TestUser.CreateAsync(server)).CreateClient(server);

        Assert.Equal(HttpStatusCode.NotFound, await DeleteAsync(ofBo, $"/me/sessions/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await ofBo.Patch($"/me/sessions/{id}", new { name = "x" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await ofAna.Get("/me")).Status);
    }

    [Fact]
    public async Task Where_there_are_too_many_the_oldest_ends()
    {
        var user = await TestUser.CreateAsync(server);
        using var first = user.CreateClient(server);
        using var second = await LogInAsync(user, "second");
        for (var at = 2; at < AuthLimits.SessionsMax; at++)
            (await LogInAsync(user, $"session {at}")).Dispose();
        Assert.Equal(AuthLimits.SessionsMax, (await ListAsync(first)).Count);

        (await LogInAsync(user, "one more")).Dispose();

        Assert.Equal(HttpStatusCode.Unauthorized, (await first.Get("/me")).Status);
        var left = await ListAsync(second);
        Assert.Equal(AuthLimits.SessionsMax, left.Count);
        Assert.Equal("one more", left[0].Text("device"));
    }

    private static string? Text(JsonElement session, string member) => session.GetProperty(member).GetString();

    private static async Task<List<JsonElement>> ListAsync(HttpClient client)
    {
        var (status, body) = await client.Get("/me/sessions");
        Assert.Equal(HttpStatusCode.OK, status);
        return [.. body.GetProperty("items").EnumerateArray()];
    }

    private static async Task<HttpStatusCode> DeleteAsync(HttpClient client, string path)
    {
        using var answer = await client.DeleteAsync("/api/v1" + path);
        return answer.StatusCode;
    }

    private async Task<HttpClient> LogInAsync(TestUser user, string userAgent, string? deviceName = null)
    {
        var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Content = JsonContent.Create(new { login = user.Username, TestUser.Password, deviceName });
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", tokens.Text("accessToken"));
        return client;
    }
}

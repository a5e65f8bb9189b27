using System.Net;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Auth;

[Collection(StandaloneCollection.Name)]
public sealed class AuthTests(StandaloneServer server)
{
    [Fact]
    public async Task Registering_answers_with_the_account_and_without_the_password()
    {
        using var client = server.CreateClient();
        var username = TestUser.UniqueName("Ana");

        var (status, body) = await client.Post("/auth/register", new
        {
            username,
            email = $"{username}@example.org",
            password = TestUser.Password,
            displayName = "Ana B.",
        });

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(username, body.Text("username"));
        Assert.Equal("Ana B.", body.Text("displayName"));
        Assert.NotEqual(Guid.Empty, body.GetProperty("id").GetGuid());
        Assert.True(body.GetProperty("createdAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal(6, body.EnumerateObject().Count());
    }

    [Fact]
    public async Task A_taken_name_and_a_taken_address_are_told_apart()
    {
        var taken = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();
        var free = TestUser.UniqueName();

        var name = await client.Post("/auth/register", new
        {
            username = taken.Username.ToUpperInvariant(),
            email = $"{free}@example.org",
            password = TestUser.Password,
        });
        var email = await client.Post("/auth/register", new
        {
            username = free,
            email = $"{taken.Username}@EXAMPLE.org",
            password = TestUser.Password,
        });

        Assert.Equal((HttpStatusCode.Conflict, "username_taken"), (name.Status, name.Body.Code()));
        Assert.Equal((HttpStatusCode.Conflict, "email_taken"), (email.Status, email.Body.Code()));
    }

    [Fact]
    public async Task Each_field_at_fault_is_named()
    {
        using var client = server.CreateClient();

        var shape = await client.Post(
            "/auth/register", new { username = "a b", email = "ana@example.org", password = "short" });
        var rules = await client.Post(
            "/auth/register", new { username = "library", email = "ana", password = "password123" });

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (shape.Status, shape.Body.Code()));
        Assert.Equal(["password", "username"], Fields(shape.Body));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (rules.Status, rules.Body.Code()));
        Assert.Equal(["email", "password", "username"], Fields(rules.Body));

        static IEnumerable<string> Fields(JsonElement body) =>
            body.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Wrong_password_and_unknown_user_get_the_same_answer()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();

        var wrong = await client.Post("/auth/login", new { login = user.Username, password = "wrong horse" });
        var unknown = await client.Post("/auth/login", new { login = "nobody.here", password = "wrong horse" });

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_credentials"), (wrong.Status, wrong.Body.Code()));
        Assert.Equal(wrong.Status, unknown.Status);
        Assert.Equal(wrong.Body.Text("detail"), unknown.Body.Text("detail"));
    }

    [Fact]
    public async Task A_refresh_token_is_traded_once_and_a_lost_answer_once_more()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();

        var lost = await Refresh(client, user.RefreshToken);
        var again = await Refresh(client, user.RefreshToken);
        var next = await Refresh(client, again.Body.Text("refreshToken"));

        Assert.Equal(HttpStatusCode.OK, lost.Status);
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(HttpStatusCode.OK, next.Status);
        Assert.Equal("Bearer", next.Body.Text("tokenType"));
        Assert.Equal(600, next.Body.GetProperty("expiresIn").GetInt32());
        Assert.Equal(HttpStatusCode.OK, await StatusOfMe(next.Body.Text("accessToken")));
    }

    [Fact]
    public async Task Using_an_old_refresh_token_ends_the_session_and_its_access_tokens_at_once()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();
        var second = await Refresh(client, user.RefreshToken);
        var third = await Refresh(client, second.Body.Text("refreshToken"));
        var accessToken = third.Body.Text("accessToken");
        Assert.Equal(HttpStatusCode.OK, await StatusOfMe(accessToken));

        var stolen = await Refresh(client, user.RefreshToken);
        var present = await Refresh(client, third.Body.Text("refreshToken"));

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (stolen.Status, stolen.Body.Code()));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (present.Status, present.Body.Code()));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfMe(accessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfMe(user.AccessToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Log_out_ends_the_session_of_the_token_that_comes_with_it(bool byRefreshToken)
    {
        var user = await TestUser.CreateAsync(server);
        using var client = byRefreshToken ? server.CreateClient() : user.CreateClient(server);
        Assert.Equal(HttpStatusCode.OK, await StatusOfMe(user.AccessToken));

        var loggedOut = byRefreshToken
            ? (await client.Post("/auth/logout", new { refreshToken = user.RefreshToken })).Status
            : await LogOutWithoutBody(client);

        Assert.Equal(HttpStatusCode.NoContent, loggedOut);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfMe(user.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Refresh(client, user.RefreshToken)).Status);
    }

    [Fact]
    public async Task Log_out_leaves_other_sessions_of_the_user_alone()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = server.CreateClient();
        var other = await client.Post("/auth/login", new { login = user.Username, password = TestUser.Password });

        await client.Post("/auth/logout", new { refreshToken = user.RefreshToken });

        Assert.Equal(HttpStatusCode.OK, await StatusOfMe(other.Body.Text("accessToken")));
    }

    [Fact]
    public async Task Log_out_of_nobody_is_unauthenticated_and_of_an_unknown_token_is_done_already()
    {
        using var client = server.CreateClient();

        Assert.Equal(HttpStatusCode.Unauthorized, await LogOutWithoutBody(client));
        var unknown = await client.Post("/auth/logout", new { refreshToken = "unknown" });
        Assert.Equal(HttpStatusCode.NoContent, unknown.Status);
    }

    [Fact]
    public async Task A_route_that_needs_a_token_says_so()
    {
        using var client = server.CreateClient();

        using var answer = await client.GetAsync("/api/v1/me");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
        var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Equal("unauthenticated", body.Code());
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> Refresh(HttpClient client, string refreshToken) =>
        client.Post("/auth/refresh", new { refreshToken });

    private static async Task<HttpStatusCode> LogOutWithoutBody(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/v1/auth/logout", content: null);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> StatusOfMe(string accessToken)
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", accessToken);
        return (await client.Get("/me")).Status;
    }
}

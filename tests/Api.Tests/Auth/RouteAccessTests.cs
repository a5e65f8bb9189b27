using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Playlists.Live;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Api.Tests.Playlists;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace IndiiMusic.Api.Tests.Auth;

/// <summary>
/// Walks every route of the live OpenAPI document, and the hub's methods, against the table of docs/api.md. A new route
/// fails here until it stands there.
/// </summary>
[Collection(StandaloneCollection.Name)]
public sealed partial class RouteAccessTests(StandaloneServer server)
{
    private const string AllScopes = "playlists:read playlists:write tracks:read tracks:write profile admin";
    private const string Base = "/api/v1";

    private static readonly IReadOnlyList<AccessRow> Rows = AccessRow.ReadDocumented();

    private static readonly IEnumerable<AccessRow> Guarded =
        Rows.Where(row => !row.IsOfTheHub && row.Token != "ignored");

    [Fact]
    public async Task The_table_has_exactly_the_routes_that_the_API_describes_and_the_methods_of_the_hub()
    {
        var rest = (await Operations()).Select(operation => RowOf(operation.Key, operation.Value));
        var hub = typeof(PlaylistHub)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.GetBaseDefinition().DeclaringType == typeof(PlaylistHub))
            .Select(method => (method.Name, Access: Api.Auth.Access.Of(method)))
            .Select(method => new AccessRow(
                $"hub {LiveHosting.Route} {method.Name}",
                Rights.Format(method.Access.Permissions),
                Rights.Format(method.Access.Scopes),
                "needed"));
        var live = rest.Concat(hub).Select(row => row.ToString()).Order(StringComparer.Ordinal).ToList();

        var documented = Rows.Select(row => row.ToString()).Order(StringComparer.Ordinal);

        Assert.True(live.SequenceEqual(documented), $"The table in docs/api.md should be:\n{string.Join('\n', live)}");
    }

    [Fact]
    public async Task Without_a_token_only_routes_for_strangers_answer() => await WalkAsync(
        Guarded,
        token: null,
        (row, answer) => row.Token == "needed"
            ? Is(answer, HttpStatusCode.Unauthorized, "unauthenticated")
            : answer.Status != HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_token_that_is_none_is_refused_everywhere() => await WalkAsync(
        Guarded,
        "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
        (_, answer) => Is(answer, HttpStatusCode.Unauthorized, "unauthenticated"));

    [Fact]
    public async Task A_token_that_expired_is_refused_everywhere()
    {
        var (id, good) = await LogInAsync(AllScopes);
        var past = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-11));
        var expired = new AccessTokens(
            server.Services.GetRequiredService<SigningKeys>(),
            past,
            server.Services.GetRequiredService<IOptions<AccessTokenOptions>>());
        var sessionId = Guid.Parse(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(good)
            .GetPayloadValue<string>("sid"));

        await WalkAsync(
            Guarded,
            expired.Issue(id, sessionId, Scopes.Ordinary),
            (_, answer) => Is(answer, HttpStatusCode.Unauthorized, "unauthenticated"));
    }

    [Fact]
    public async Task A_token_without_the_scope_is_refused_and_told_which_it_lacks()
    {
        foreach (var group in Guarded.Where(row => row.Scope.Length > 0).GroupBy(row => row.Scope))
        {
            var others = string.Join(' ', AllScopes.Split(' ').Where(scope => scope != group.Key));
            var (_, token) = await LogInAsync(others, Roles.Administrator);

            await WalkAsync(group, token, (row, answer) =>
                Is(answer, HttpStatusCode.Forbidden, "insufficient_scope")
                && answer.Challenge == $"Bearer error=\"insufficient_scope\", scope=\"{row.Scope}\"");
        }
    }

    [Fact]
    public async Task A_token_with_no_scope_but_the_rows_is_enough()
    {
        foreach (var group in Guarded.GroupBy(row => row.Scope))
        {
            // Its ids lead nowhere, as what is tried here must not end what others of these tests need.
            var (_, token) = await LogInAsync(group.Key.Length == 0 ? "tracks:read" : group.Key, Roles.Administrator);

            await WalkAsync(group, token, (_, answer) =>
                answer.Code is not ("unauthenticated" or "insufficient_scope" or "forbidden"));
        }
    }

    [Fact]
    public async Task A_user_without_any_role_may_do_nothing_that_takes_a_permission()
    {
        var (_, token) = await LogInAsync(AllScopes, Roles.None);

        await WalkAsync(
            Guarded.Where(row => row.Permission.Length > 0),
            token,
            (_, answer) => Is(answer, HttpStatusCode.Forbidden, "forbidden"));
    }

    [Fact]
    public async Task What_is_anothers_own_is_out_of_reach()
    {
        using var ana = await Person.SignUp(server);
        var playlist = await ana.MakePlaylist();
        var track = await Person.EnterTrack(server, "Own", TrackVisibility.Private, ana.Id);
        var (_, token) = await LogInAsync(AllScopes);

        // Names are for everybody who is signed in, and to let go of what one does not have is no error.
        var ofAna = Guarded.Where(row => row.Path.Contains('{', StringComparison.Ordinal)
            && row.Route is not ("GET /users/{id}" or "DELETE /me/favourites/{trackId}"
                or "DELETE /me/following/{playlistId}"));
        await WalkAsync(
            ofAna,
            token,
            (_, answer) => answer.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone,
            path => path
                .Replace("/playlists/{id}", playlist, StringComparison.Ordinal)
                .Replace("{playlistId}", playlist.Split('/')[^1], StringComparison.Ordinal)
                .Replace("/tracks/{id}", $"/tracks/{track}", StringComparison.Ordinal)
                .Replace("{trackId}", track.ToString(), StringComparison.Ordinal)
                .Replace("/users/{id}", $"/users/{ana.Id}", StringComparison.Ordinal)
                .Replace("{userId}", ana.Id.ToString(), StringComparison.Ordinal));
        Assert.Equal("Road", (await ana.Read(playlist)).GetProperty("name").GetString());
    }

    private static bool Is(Reply answer, HttpStatusCode status, string code) =>
        answer.Status == status && (answer.Code == code || answer.IsWithoutBody);

    private static AccessRow RowOf(string route, JsonNode operation)
    {
        var security = operation["security"]!.AsArray();
        var bearer = security.Select(way => way!["bearer"]).Single(way => way is not null)!.AsArray();
        var permission = operation["x-permission"]?.GetValue<string>();
        var token = security.Count == 1 ? "needed" : permission is null ? "ignored" : "optional";
        var scope = string.Join(' ', bearer.Select(word => word!.GetValue<string>()));
        return new AccessRow(route, permission ?? "", scope, token);
    }

    private static HttpContent? BodyOf(JsonNode operation)
    {
        if (operation["requestBody"]?["content"] is not JsonObject content)
            return null;
        var (mediaType, body) = content.First();
        if (mediaType == "multipart/form-data")
            return new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "file", "song.flac" } };

        HttpContent sent = mediaType == "application/json"
            ? new StringContent(body!["example"]!.ToJsonString(), Encoding.UTF8)
            : new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        sent.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return sent;
    }

    private async Task WalkAsync(
        IEnumerable<AccessRow> rows,
        string? token,
        Func<AccessRow, Reply, bool> isRight,
        Func<string, string>? fill = null)
    {
        using var client = server.CreateClient();
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var operations = await Operations();
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var path = fill is null ? row.Path : fill(row.Path);
            path = Number().Replace(path, "1");
            path = Parameter().Replace(path, _ => Guid.CreateVersion7().ToString());
            path += row.Path switch
            {
                "/playlists/{id}/diff" => "?from=0&to=1",
                "/playlists/{id}/export" => "?format=m3u8",
                _ => "",
            };
            using var request = new HttpRequestMessage(new HttpMethod(row.Method), Base + path);
            request.Content = BodyOf(operations[row.Route]);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var text = await answer.Content.ReadAsStringAsync();
            var reply = new Reply(
                answer.StatusCode, CodeOf(answer, text), answer.Headers.WwwAuthenticate.ToString(), text.Length == 0);
            if (!isRight(row, reply))
                wrong.Add($"{row.Route}: {(int)reply.Status} {text} {reply.Challenge}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? CodeOf(HttpResponseMessage answer, string text) =>
        text.Length > 0 && answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonSerializer.Deserialize<JsonElement>(text).Code()
            : null;

    private async Task<(Guid Id, string Token)> LogInAsync(string scope, Roles? roles = null)
    {
        var user = await TestUser.CreateAsync(server);
        if (roles is { } given)
            await GiveAsync(server, user.Id, given);
        using var client = server.CreateClient();
        var (_, tokens) = await client.Post("/auth/login", new { login = user.Username, TestUser.Password, scope });
        Assert.Equal(scope, tokens.Text("scope"));
        return (user.Id, tokens.Text("accessToken"));
    }

    /// <summary>Gives roles as an administrator would.</summary>
    internal static async Task GiveAsync(StandaloneServer server, Guid userId, Roles roles)
    {
        var admin = new Actor(Guid.CreateVersion7(), Permissions: Permissions.ManageUsers);
        var giver = server.Grains.GetGrain<IRolesGrain>(IRolesGrain.Key);
        try
        {
            await giver.Set(admin, userId, roles);
        }
        catch (IndiiException last) when (last.Code == ErrorCode.LastAdministrator)
        {
            // It happens to be the first account of the server: somebody else takes its place.
            await giver.Set(admin, (await TestUser.CreateAsync(server)).Id, Roles.Administrator);
            await giver.Set(admin, userId, roles);
        }
    }

    private async Task<Dictionary<string, JsonNode>> Operations()
    {
        using var client = server.CreateClient();
        var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!;
        return (from path in document["paths"]!.AsObject()
                where path.Key.StartsWith(Base, StringComparison.Ordinal)
                from operation in path.Value!.AsObject()
                where operation.Key is "get" or "put" or "post" or "delete" or "patch" or "head"
                let name = $"{operation.Key.ToUpperInvariant()} {path.Key[Base.Length..].TrimEnd('/')}"
                select (Name: name, operation.Value))
            .ToDictionary(operation => operation.Name, operation => operation.Value);
    }

    [GeneratedRegex(@"\{(suggestionId|inviteId)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private sealed record Reply(HttpStatusCode Status, string? Code, string Challenge, bool IsWithoutBody);
}

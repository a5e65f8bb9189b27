using System.Net;
using System.Text;
using System.Text.Json;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces.Accounts;

namespace IndiiMusic.Api.Tests.Accounts;

[Collection(StandaloneCollection.Name)]
public sealed class AccountTests(StandaloneServer server)
{
    [Fact]
    public async Task One_sees_and_changes_ones_own_account()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);

        var before = await client.Get("/me");
        var changed = await client.Patch("/me", new { displayName = "Zoë" });
        var untouched = await client.Patch("/me", new { });
        var after = await client.Get("/me");

        Assert.Equal(user.Username, before.Body.Text("displayName"));
        Assert.Equal((HttpStatusCode.OK, "Zoë"), (changed.Status, changed.Body.Text("displayName")));
        Assert.Equal((HttpStatusCode.OK, "Zoë"), (untouched.Status, untouched.Body.Text("displayName")));
        Assert.Equal($"{user.Username}@example.org", after.Body.Text("email"));
        Assert.Equal("Zoë", after.Body.Text("displayName"));
    }

    [Fact]
    public async Task A_display_name_of_nothing_is_refused()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);

        var answer = await client.Patch("/me", new { displayName = "  " });

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Body.Code()));
    }

    [Fact]
    public async Task Others_see_a_users_names_and_nothing_more()
    {
        var user = await TestUser.CreateAsync(server);
        var other = await TestUser.CreateAsync(server);
        using var client = other.CreateClient(server);

        var card = await client.Get($"/users/{user.Id}");

        Assert.Equal(user.Username, card.Body.Text("username"));
        Assert.Equal(
            ["id", "username", "displayName"], card.Body.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_user_is_found_by_the_whole_name_in_any_case()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);

        var found = await client.Get($"/users?username={user.Username.ToUpperInvariant()}");
        var part = await client.Get($"/users?username={user.Username[..^1]}");

        var card = Assert.Single(found.Body.GetProperty("items").EnumerateArray());
        Assert.Equal(user.Id, card.GetProperty("id").GetGuid());
        Assert.Equal(0, part.Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task The_library_has_a_card_and_an_unknown_user_has_none()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);

        var library = await client.Get($"/users/{WellKnownUsers.Library}");
        var unknown = await client.Get($"/users/{Guid.CreateVersion7()}");

        Assert.Equal("Library", library.Body.Text("displayName"));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (unknown.Status, unknown.Body.Code()));
    }

    [Fact]
    public async Task A_picture_is_kept_and_replaced()
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1];
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 2];

        Assert.Equal(HttpStatusCode.NotFound, (await client.Get("/me/avatar")).Status);
        Assert.Equal(HttpStatusCode.OK, await Put(png));
        Assert.Equal(HttpStatusCode.OK, await Put(jpeg));
        using var picture = await client.GetAsync("/api/v1/me/avatar");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me/avatar");
        again.Headers.IfNoneMatch.Add(picture.Headers.ETag!);
        using var unchanged = await client.SendAsync(again);

        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        Assert.Equal(jpeg, await picture.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        async Task<HttpStatusCode> Put(byte[] bytes)
        {
            using var answer = await client.PutAsync("/api/v1/me/avatar", new ByteArrayContent(bytes));
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("GIF89a not taken", 0, HttpStatusCode.UnsupportedMediaType, "unsupported_media")]
    [InlineData("<svg>", 0, HttpStatusCode.UnsupportedMediaType, "unsupported_media")]
    [InlineData("\u00ff\u00d8\u00ff", 2 * 1024 * 1024, HttpStatusCode.RequestEntityTooLarge, "payload_too_large")]
    public async Task What_is_no_picture_of_reasonable_size_is_refused(
        string start, int furtherBytes, HttpStatusCode status, string code)
    {
        var user = await TestUser.CreateAsync(server);
        using var client = user.CreateClient(server);
        byte[] bytes = [.. Encoding.Latin1.GetBytes(start), .. new byte[furtherBytes]];

        using var answer = await client.PutAsync("/api/v1/me/avatar", new ByteArrayContent(bytes));
        var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());

        Assert.Equal((status, code), (answer.StatusCode, body.Code()));
    }

    [Theory]
    [InlineData("/me")]
    [InlineData("/users?username=ana")]
    [InlineData("/users/00000000-0000-7000-8000-000000000001")]
    public async Task Names_are_for_those_who_signed_in(string path)
    {
        using var client = server.CreateClient();

        var answer = await client.Get(path);

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (answer.Status, answer.Body.Code()));
    }
}

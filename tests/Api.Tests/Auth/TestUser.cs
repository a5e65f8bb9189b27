using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Auth;

/// <summary>Somebody with an account of their own who has logged in.</summary>
public sealed record TestUser(Guid Id, string Username, string AccessToken, string RefreshToken)
{
    public const string Password = "correct horse";

    /// <summary>A name that no other test uses.</summary>
    public static string UniqueName(string prefix = "user") => prefix + Guid.CreateVersion7().ToString("N")[^12..];

    /// <summary>Registers a new user and logs in.</summary>
    public static async Task<TestUser> CreateAsync(StandaloneServer server, string? username = null)
    {
        username ??= UniqueName();
        using var client = server.CreateClient();
        using var registered = await client.PostAsJsonAsync(
            "/api/v1/auth/register", new { username, email = $"{username}@example.org", password = Password });
        registered.EnsureSuccessStatusCode();
        var profile = await registered.Content.ReadFromJsonAsync<JsonElement>();
        using var loggedIn = await client.PostAsJsonAsync(
            "/api/v1/auth/login", new { login = username, password = Password });
        loggedIn.EnsureSuccessStatusCode();
        var tokens = await loggedIn.Content.ReadFromJsonAsync<JsonElement>();
        return new TestUser(
            profile.GetProperty("id").GetGuid(),
            username,
            tokens.GetProperty("accessToken").GetString()!,
            tokens.GetProperty("refreshToken").GetString()!);
    }

    /// <summary>A client that sends this user's access token with every request.</summary>
    public HttpClient CreateClient(StandaloneServer server)
    {
        var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        return client;
    }
}

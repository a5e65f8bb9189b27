using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IndiiMusic.Api.Tests.Auth;

/// <summary>Reads answers whole, so that a test can compare them in one line.</summary>
internal static class Answers
{
    /// <summary>Sends JSON, and reads status and body; an empty body is undefined.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> Post(
        this HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1" + path, body);
        return await Read(answer);
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> Patch(
        this HttpClient client, string path, object body)
    {
        using var answer = await client.PatchAsJsonAsync("/api/v1" + path, body);
        return await Read(answer);
    }

    public static async Task<(HttpStatusCode Status, JsonElement Body)> Get(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync("/api/v1" + path);
        return await Read(answer);
    }

    /// <summary>Proves that the session is still its user's.</summary>
    public static async Task StepUp(this HttpClient client, string? code = null)
    {
        var (status, body) = await client.Post("/auth/step-up", new { password = TestUser.Password, code });
        Assert.True(status == HttpStatusCode.NoContent, $"{status} {body}");
    }

    /// <summary>The stable code of a problem document.</summary>
    public static string? Code(this JsonElement body) => body.GetProperty("code").GetString();

    public static string Text(this JsonElement body, string member) => body.GetProperty(member).GetString()!;

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Read(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }
}

using System.Text.Json;

namespace IndiiMusic.Api.Tests.Errors;

/// <summary>Reads problem documents, and insists that an error answer is one.</summary>
public static class ProblemReading
{
    /// <summary>The problem document that an error was answered with.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}

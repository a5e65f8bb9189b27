using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Cluster.Tests.Telemetry;

/// <summary>
/// Does what people and attackers do, with values that must stand in no log and no trace, and remembers those values.
/// </summary>
internal sealed class CanaryFlow(string address) : IDisposable
{
    private const string Password = "canary-Passw0rd-right";
    private const string WrongPassword = "canary-Passw0rd-wrong";
    private const string DisplayName = "Kanariana Vogel";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(address + "/api/v1/") };
    private readonly string _username = "canary" + Guid.NewGuid().ToString("N")[..10];
    private readonly List<string> _secrets = [Password, WrongPassword, DisplayName, "Vogel"];

    /// <summary>What must be nowhere.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    /// <summary>What the refused log-in's problem details said finds it in the log.</summary>
    public string RefusedTraceId { get; private set; } = "";

    /// <summary>What the edit over REST sends as <c>traceparent</c>; null for nothing.</summary>
    public string? TraceParent { get; init; }

    private string PlaylistId { get; set; } = "";

    private string Email => $"{_username}.mail@example.org";

    public async Task RunAsync()
    {
        _secrets.AddRange([_username, Email]);
        var user = await PostAsync("auth/register", new
        {
            username = _username,
            email = Email,
            password = Password,
            displayName = DisplayName,
        });
        var id = user["id"]!.GetValue<Guid>();
        _secrets.AddRange([id.ToString("D"), id.ToString("N")]);
        await PostAsync("auth/register", new { username = _username, email = "x" + Email, password = Password });
        var refused = await PostAsync("auth/login", new { login = _username, password = WrongPassword });
        RefusedTraceId = refused["traceId"]!.GetValue<string>();
        var session = await PostAsync("auth/login", new { login = Email.ToUpperInvariant(), password = Password });
        var accessToken = Take(session, "accessToken");
        var refreshToken = Take(session, "refreshToken");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);

        await _http.GetAsync(Relative($"users?username={_username}"));
        await _http.GetAsync(Relative($"users/{id}"));
        await _http.GetAsync(Relative("me"));
        await UsePersonalTokenAsync();
        await _http.PatchAsJsonAsync("me", new { displayName = DisplayName + " II" });
        await EditAsync();
        await ShareAsync(id);
        await UploadAsync();
        await UseHubAsync(accessToken);
        await _http.PostAsync(Relative("auth/login"), new StringContent($$"""{"login": "{{_username}}", "password":"""));
        await RefreshAsync(refreshToken);
    }

    public void Dispose() => _http.Dispose();

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private async Task UsePersonalTokenAsync()
    {
        await PostAsync("auth/step-up", new { password = WrongPassword });
        await PostAsync("auth/step-up", new { password = Password });
        var made = await PostAsync("me/tokens", new { name = DisplayName, scopes = new[] { "playlists:read" } });
        using var script = new HttpClient { BaseAddress = _http.BaseAddress };
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Take(made, "token"));
        await script.GetAsync(Relative("me/playlists"));
        await script.PostAsJsonAsync("me/tokens", new { name = DisplayName, scopes = new[] { "profile" } });
        await _http.DeleteAsync(Relative($"me/tokens/{made["personalToken"]!["id"]}"));
    }

    private async Task EditAsync()
    {
        PlaylistId = (await PostAsync("playlists", new { name = "Canaries" }))["id"]!.GetValue<string>();
        using var request = new HttpRequestMessage(HttpMethod.Post, Relative($"playlists/{PlaylistId}/operations"));
        request.Content = JsonContent.Create(new
        {
            operationId = "over REST",
            ops = new object[] { new { kind = "append", trackIds = new[] { Guid.CreateVersion7() } } },
        });
        if (TraceParent is not null)
            request.Headers.Add("traceparent", TraceParent);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task ShareAsync(Guid user)
    {
        var invite = await PostAsync($"playlists/{PlaylistId}/invites", new { role = "editor" });
        var token = Take(invite, "token");
        await _http.PostAsync(Relative($"invites/{token}/accept"), null);
        await _http.PostAsync(Relative($"invites/{token}x/accept"), null);
        await _http.DeleteAsync(Relative($"playlists/{PlaylistId}/collaborators/{user}"));
        await _http.PatchAsJsonAsync($"playlists/{PlaylistId}", new { visibility = "public" });
    }

    private async Task UploadAsync()
    {
        using var form = new MultipartFormDataContent();
        using var noise = new ByteArrayContent("This is no audio."u8.ToArray());
        noise.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        form.Add(noise, "file", $"{_username}.wav");
        using var answer = await _http.PostAsync(Relative("tracks"), form);
    }

    private async Task UseHubAsync(string accessToken)
    {
        await using var hub = new HubConnectionBuilder()
            .WithUrl(
                $"{address}/hubs/playlists",
                options => options.AccessTokenProvider = () => Task.FromResult<string?>(accessToken))
            .Build();
        await hub.StartAsync();
        await hub.InvokeAsync("Join", PlaylistId, null);
        await hub.InvokeAsync<JsonElement>("Apply", PlaylistId, new
        {
            operationId = "over the hub",
            ops = new object[] { new { kind = "append", trackIds = new[] { Guid.CreateVersion7() } } },
        });
        var refused = await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<JsonElement>("Apply", PlaylistId, new
        {
            operationId = "refused",
            ops = new object[] { new { kind = "remove", entryIds = new[] { 4_711 } } },
        }));
        Assert.Contains("\"traceId\":\"", refused.Message, StringComparison.Ordinal);
    }

    private async Task RefreshAsync(string refreshToken)
    {
        var second = Take(await PostAsync("auth/refresh", new { refreshToken }), "refreshToken");
        var third = Take(await PostAsync("auth/refresh", new { refreshToken = second }), "refreshToken");
        await PostAsync("auth/refresh", new { refreshToken });
        await PostAsync("auth/refresh", new { refreshToken = third });
        await _http.PostAsync(Relative("auth/logout"), null);
    }

    private string Take(JsonNode answer, string name)
    {
        var secret = answer[name]!.GetValue<string>();
        _secrets.Add(secret);
        return secret;
    }

    private async Task<JsonNode> PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tests.Playlists;

/// <summary>Somebody who uses the REST routes: a user with a token of their own, or a stranger without one.</summary>
public sealed class Person : IDisposable
{
    private const string Base = "/api/v1";

    private readonly HttpClient _http;

    private Person(HttpClient http, Guid id, string? token)
    {
        (_http, Id, Token) = (http, id, token);
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The user; empty for a stranger.</summary>
    public Guid Id { get; }

    /// <summary>The access token; null for a stranger.</summary>
    public string? Token { get; }

    /// <summary>A new user. The session is started past the password, as hashing it would take long.</summary>
    public static async Task<Person> SignUp(StandaloneServer server)
    {
        var name = $"u{Guid.CreateVersion7():N}"[..28];
        var profile = await server.Grains.GetGrain<IRegistrationGrain>(IRegistrationGrain.Key).Register(
            new RegisterAccount(name, $"{name}@example.org", $"correct horse {name}"));
        var session = await server.Grains.GetGrain<ISessionGrain>(Guid.CreateVersion7()).Start(profile.Id);
        var http = server.CreateClient();
        using var answer = await http.PostAsJsonAsync($"{Base}/auth/refresh", new { session.RefreshToken });
        answer.EnsureSuccessStatusCode();
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new Person(http, profile.Id, tokens.GetProperty("accessToken").GetString());
    }

    /// <summary>The same person at the end of another connection.</summary>
    public Person AnotherConnection(StandaloneServer server) => new(server.CreateClient(), Id, Token);

    /// <summary>Somebody who is not signed in.</summary>
    public static Person Stranger(StandaloneServer server) => new(server.CreateClient(), Guid.Empty, token: null);

    /// <summary>Whoever bears a token.</summary>
    public static Person WithToken(StandaloneServer server, string token) =>
        new(server.CreateClient(), Guid.Empty, token);

    /// <summary>A track with a card, and no audio behind it.</summary>
    public static async Task<Guid> EnterTrack(
        StandaloneServer server,
        string title,
        TrackVisibility visibility = TrackVisibility.Members,
        Guid? ownerId = null)
    {
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var trackId = TrackId.Of(ownerId, sha256);
        await server.Grains.GetGrain<ITrackGrain>(trackId).Enter(
            new EnterTrack(
                ownerId,
                new TrackTags(title, ["Ana", "Bo"], null, "Album", 1, 1, 2020, [], null, null),
                new TrackAudio($"audio/{sha256}", sha256, 1_000, "audio/flac", "flac", 180_000, null, 44_100, 2),
                Artwork: null,
                SourcePath: null,
                visibility),
            CancellationToken.None);
        return trackId;
    }

    /// <summary>Ids of tracks that nobody brought in: entries take them, and show them as unavailable.</summary>
    public static ImmutableArray<Guid> NewTracks(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())];

    public Task<Answer> Get(string path, string? ifNoneMatch = null) =>
        Send(HttpMethod.Get, path, null, ("If-None-Match", ifNoneMatch));

    public Task<Answer> Post(string path, object? body = null, string? ifMatch = null, string? key = null) =>
        Send(HttpMethod.Post, path, body, ("If-Match", ifMatch), ("Idempotency-Key", key));

    public Task<Answer> Put(string path, object? body = null, string? ifMatch = null) =>
        Send(HttpMethod.Put, path, body, ("If-Match", ifMatch));

    public Task<Answer> Patch(string path, object body, string? ifMatch = null) =>
        Send(HttpMethod.Patch, path, body, ("If-Match", ifMatch));

    public Task<Answer> Delete(string path, string? ifMatch = null) =>
        Send(HttpMethod.Delete, path, null, ("If-Match", ifMatch));

    /// <summary>Makes a playlist of one's own and gives its path.</summary>
    public async Task<string> MakePlaylist(
        string visibility = "private", IReadOnlyList<Guid>? trackIds = null, string duplicates = "allow")
    {
        var made = (await Post("/playlists", new { name = "Road", visibility, duplicates, trackIds }))
            .Expect(HttpStatusCode.Created);
        return $"/playlists/{made.Body.GetProperty("id").GetGuid()}";
    }

    /// <summary>Applies operations that must succeed.</summary>
    public async Task<JsonElement> Apply(string playlist, params object[] ops) =>
        (await Post($"{playlist}/operations", new { operationId = Guid.CreateVersion7(), ops }))
        .Expect(HttpStatusCode.OK).Body;

    /// <summary>The ids of all entries, in order, page by page.</summary>
    public async Task<List<int>> EntryIds(string playlist) =>
        (await Entries(playlist)).ConvertAll(entry => entry.GetProperty("entryId").GetInt32());

    /// <summary>The tracks of all entries, in order, page by page.</summary>
    public async Task<List<Guid>> TrackIds(string playlist) =>
        (await Entries(playlist)).ConvertAll(entry => entry.GetProperty("trackId").GetGuid());

    /// <summary>All entries, in order, page by page.</summary>
    public async Task<List<JsonElement>> Entries(string playlist, string query = "limit=500")
    {
        var entries = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = (await Get($"{playlist}/entries?{query}{(cursor is null ? "" : $"&cursor={cursor}")}"))
                .Expect(HttpStatusCode.OK).Body;
            entries.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);
        return entries;
    }

    /// <summary>The playlist as one sees it.</summary>
    public async Task<JsonElement> Read(string playlist) => (await Get(playlist)).Expect(HttpStatusCode.OK).Body;

    public void Dispose() => _http.Dispose();

    private async Task<Answer> Send(
        HttpMethod method, string path, object? body, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Base + path);
        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        foreach (var (name, value) in headers)
        {
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new Answer(
            answer.StatusCode,
            text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text),
            answer.Headers.TryGetValues("ETag", out var etags) ? etags.Single() : null,
            answer.Headers.Location?.ToString(),
            text);
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Body, string? ETag, string? Location, string Text)
{
    /// <summary>The stable code of an error; null for a success.</summary>
    public string? Code => (int)Status >= 400 && Body.ValueKind == JsonValueKind.Object
        && Body.TryGetProperty("code", out var code)
            ? code.GetString()
            : null;

    /// <summary>This answer, which must have the status.</summary>
    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>This answer, which must be the error.</summary>
    public Answer Expect(HttpStatusCode status, string code)
    {
        Assert.True(Status == status && Code == code, $"Expected {status} {code}, got {Status}: {Text}");
        return this;
    }

    /// <summary>The fields that the error names.</summary>
    public string[] Fields() => [.. Body.GetProperty("errors").EnumerateObject().Select(field => field.Name)];
}

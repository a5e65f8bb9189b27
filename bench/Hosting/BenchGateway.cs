using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Bench.Hosting;

/// <summary>The whole Standalone in a process of its own, with tracks in its catalog and a user signed in.</summary>
internal sealed class BenchGateway : IAsyncDisposable
{
    private const string Password = "correct horse battery staple";

    private readonly HttpClient _client;

    private BenchGateway(ServerProcess process, IReadOnlyList<Guid> tracks, string accessToken)
    {
        (Process, Tracks, AccessToken) = (process, tracks, accessToken);
        _client = new HttpClient { BaseAddress = new Uri(process.Address, "/api/v1/") };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
    }

    /// <summary>The server.</summary>
    public ServerProcess Process { get; }

    /// <summary>Tracks that have cards.</summary>
    public IReadOnlyList<Guid> Tracks { get; }

    /// <summary>The user's token.</summary>
    public string AccessToken { get; }

    public static async Task<BenchGateway> StartAsync(string folder, int tracks)
    {
        Guid[] trackIds;
        await using (var silo = await BenchSilo.StartAsync(folder))
        {
            trackIds = await Task.WhenAll(Enumerable.Range(1, tracks).Select(i => EnterTrackAsync(silo.Grains, i)));
        }

        var process = await ServerProcess.StartStandaloneAsync(folder);
        try
        {
            return new BenchGateway(process, trackIds, await SignInAsync(process.Address));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a playlist of the user.</summary>
    public async Task<Guid> CreatePlaylistAsync(IEnumerable<Guid> trackIds)
    {
        var answer = await _client.PostAsJsonAsync("playlists", new { name = "Bench", trackIds });
        return (await ReadAsync(answer)).GetProperty("id").GetGuid();
    }

    /// <summary>Gets what a route of the API answers.</summary>
    public async Task<HttpResponseMessage> GetAsync(string route) =>
        (await _client.GetAsync(route)).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }

    private static async Task<Guid> EnterTrackAsync(IGrainFactory grains, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Track number {number}");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var trackId = TrackId.Of(ownerId: null, sha256);
        var tags = new TrackTags(
            name, ["An Artist of Some Name", "Another One"], "An Artist of Some Name", "The Album with a Title", number,
            DiscNumber: 1, Year: 1984, ["Electronic"], MusicBrainz: null, ReplayGain: null);
        var audio = new TrackAudio(
            $"audio/{sha256}", sha256, SizeBytes: 9_000_000, "audio/flac", "flac", DurationMs: 241_000,
            BitRate: 900_000, SampleRateHz: 44_100, Channels: 2);
        await grains.GetGrain<ITrackGrain>(trackId).Enter(
            new EnterTrack(OwnerId: null, tags, audio, Artwork: null, SourcePath: null), CancellationToken.None);
        return trackId;
    }

    private static async Task<string> SignInAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address, "/api/v1/") };
        var account = new { username = "bench", email = "bench@example.org", password = Password };
        await ReadAsync(await client.PostAsJsonAsync("auth/register", account));
        var answer = await client.PostAsJsonAsync("auth/login", new { login = account.username, password = Password });
        return (await ReadAsync(answer)).GetProperty("accessToken").GetString()!;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync();
            var uri = answer.RequestMessage!.RequestUri;
            return answer.IsSuccessStatusCode
                ? JsonElement.Parse(body)
                : throw new InvalidOperationException($"{uri}: {answer.StatusCode} {body}");
        }
    }
}

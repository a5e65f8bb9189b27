using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.S3.Model;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Infrastructure.ObjectStorage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Tests.Tracks;

/// <summary>What is different when audio lies in S3: what it costs, where listeners are sent, and when S3 is away.</summary>
[Collection(S3StandaloneCollection.Name)]
[Trait("Server", "S3")]
public sealed partial class S3MediaTests(S3StandaloneServer server) : IAsyncLifetime
{
    private static int _seed = Environment.TickCount;

    private readonly byte[] _wav = SampleAudio.Wav(Interlocked.Increment(ref _seed));
    private HttpClient _ana = null!;
    private string _track = "";

    // The store reads its options at each request, so that one server serves all settings.
    private S3Options Options => server.Services.GetRequiredService<IOptionsMonitor<S3Options>>().CurrentValue;

    public async Task InitializeAsync()
    {
        var user = await TestUser.CreateAsync(server);
        _ana = user.CreateClient(server);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(_wav), "file", "noise.wav" } };
        using var answer = await _ana.PostAsync("/api/v1/tracks", form);
        _track = (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("id");
    }

    public Task DisposeAsync()
    {
        Options.Redirect = S3Redirect.None;
        _ana.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_player_that_seeks_costs_one_look_and_then_one_request_each_time()
    {
        var (looksBefore, readsBefore) = (await CountAsync("head"), await CountAsync("get"));

        for (var start = 0; start < 5_000; start += 1_000)
        {
            using var answer = await GetAsync(_ana, $"bytes={start}-{start + 99}");
            Assert.Equal(_wav[start..(start + 100)], await answer.Content.ReadAsByteArrayAsync());
        }

        using var known = await GetAsync(_ana, range: null, $"\"{Convert.ToHexStringLower(SHA256.HashData(_wav))}\"");
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(1, await CountAsync("head") - looksBefore);
        Assert.Equal(5, await CountAsync("get") - readsBefore);
    }

    [Fact]
    public async Task While_S3_is_stopped_audio_is_answered_503_and_the_rest_goes_on()
    {
        using var before = await GetAsync(_ana, "bytes=0-9");
        Assert.Equal(HttpStatusCode.PartialContent, before.StatusCode);
        await server.S3.KillAsync();
        try
        {
            using var answer = await GetAsync(_ana, "bytes=0-9");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Null(answer.Content.Headers.ContentRange);
            Assert.Equal("storage_unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Code());

            using var form = new MultipartFormDataContent { { new ByteArrayContent(_wav), "file", "noise.wav" } };
            using var upload = await _ana.PostAsync("/api/v1/tracks", form);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, upload.StatusCode);
            Assert.NotNull(upload.Headers.RetryAfter);

            Assert.Equal(HttpStatusCode.OK, (await _ana.Get($"/tracks/{_track}")).Status);
            using var health = await _ana.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            var report = await health.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("degraded", report.Text("status"));
            Assert.Equal("degraded", report.GetProperty("dependencies").GetProperty("s3").Text("status"));
        }
        finally
        {
            await server.S3.StartAsync();
        }

        HttpStatusCode status;
        var patience = DateTimeOffset.UtcNow.AddSeconds(15);
        do
        {
            using var answer = await GetAsync(_ana, "bytes=0-9");
            status = answer.StatusCode;
        }
        while (status == HttpStatusCode.ServiceUnavailable && DateTimeOffset.UtcNow < patience);
        Assert.Equal(HttpStatusCode.PartialContent, status);
    }

    [Fact]
    public async Task A_listener_is_sent_to_S3_once_known_to_be_one()
    {
        Options.Redirect = S3Redirect.Presigned;
        await _ana.Patch($"/tracks/{_track}", new { visibility = "private" });
        using var bea = (await TestUser.CreateAsync(server)).CreateClient(server);

        using var refused = await GetAsync(bea, range: null);
        using var sent = await GetAsync(_ana, "bytes=0-9");
        using var head = await _ana.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/api/v1/tracks/{_track}/audio"));
        using var elsewhere = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, sent.Headers.Location);
        request.Headers.TryAddWithoutValidation("Range", "bytes=10-19");
        using var audio = await elsewhere.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, sent.StatusCode);
        Assert.True(sent.Headers.CacheControl!.Private);
        Assert.InRange(sent.Headers.CacheControl.MaxAge!.Value, TimeSpan.Zero, Options.PresignedUrlLifetime / 2);
        Assert.Equal(_wav[10..20], await audio.Content.ReadAsByteArrayAsync());
        Assert.Equal("audio/wav", audio.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(_wav.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Only_public_tracks_are_fetched_from_a_delivery_network()
    {
        Options.CdnBaseUrl = "https://media.example.org";
        Options.Redirect = S3Redirect.Cdn;

        foreach (var visibility in new[] { "private", "members" })
        {
            await _ana.Patch($"/tracks/{_track}", new { visibility });
            using var own = await GetAsync(_ana, range: null);
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        await _ana.Patch($"/tracks/{_track}", new { visibility = "public" });
        using var open = await GetAsync(_ana, range: null);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, open.StatusCode);
        Assert.StartsWith("https://media.example.org/audio/", open.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_leaves_no_copy_behind()
    {
        var left = await server.Client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = S3StandaloneServer.Bucket, Prefix = "uploads/" });

        Assert.Empty(left.S3Objects ?? []);
    }

    private async Task<HttpResponseMessage> GetAsync(HttpClient client, string? range, string? ifNoneMatch = null)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var direct = new HttpClient(handler) { BaseAddress = client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/tracks/{_track}/audio");
        request.Headers.Authorization = client.DefaultRequestHeaders.Authorization;
        if (range is not null)
            request.Headers.TryAddWithoutValidation("Range", range);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await direct.SendAsync(request);
    }

    private async Task<long> CountAsync(string operation)
    {
        using var client = new HttpClient();
        var figures = await client.GetStringAsync(new Uri($"{server.ManagementAddress}/metrics"));
        return Requests().Matches(figures)
            .Where(match => match.Groups["operation"].Value == operation)
            .Sum(match => long.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("indiimusic_s3_request_duration_seconds_count\\{operation=\"(?<operation>\\w+)\"\\} (?<count>\\d+)")]
    private static partial Regex Requests();
}

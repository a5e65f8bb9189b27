using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IndiiMusic.Api.Tests.Auth;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.Tracks;

[Collection(StandaloneCollection.Name)]
public class TrackTests(StandaloneServer server) : IAsyncLifetime
{
    private static int _seed = Environment.TickCount;

    private readonly byte[] _wav = SampleAudio.Wav(Interlocked.Increment(ref _seed));
    private HttpClient _ana = null!;
    private string _track = "";

    public async Task InitializeAsync()
    {
        _ana = (await TestUser.CreateAsync(server)).CreateClient(server);
        var (status, upload) = await Upload(_ana, _wav, """{"title":"Noise","artists":["Ana"],"genres":["Noise"]}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("ready", upload.Text("status"));
        _track = upload.Text("id");
    }

    public Task DisposeAsync()
    {
        _ana.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task An_upload_is_a_track_with_what_its_sender_said_of_it()
    {
        var (status, track) = await _ana.Get($"/tracks/{_track}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Noise", track.Text("title"));
        Assert.Equal("audio/wav", track.Text("mediaType"));
        Assert.Equal(1_000, track.GetProperty("durationMs").GetInt64());
        Assert.Equal(_wav.Length, track.GetProperty("sizeBytes").GetInt64());

        var (_, again) = await Upload(_ana, _wav, metadata: null);
        Assert.Equal(_track, again.Text("id"));
        Assert.True(again.GetProperty("alreadyThere").GetBoolean());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-", 0, 16_044)]
    [InlineData("bytes=100-199", 100, 100)]
    [InlineData("bytes=16000-99999", 16_000, 44)]
    [InlineData("bytes=-44", 16_000, 44)]
    public async Task A_range_is_answered_with_just_that(string range, int start, int length)
    {
        using var answer = await Send(HttpMethod.Get, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {start}-{start + length - 1}/{_wav.Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(_wav[start..(start + length)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_whole_file_comes_as_it_was_sent()
    {
        using var answer = await Send(HttpMethod.Get);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("audio/wav", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.Equal(
            $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_wav))}\"",
            answer.Headers.ETag!.ToString());
        Assert.Equal(_wav, await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_answers_the_same_headers_without_the_file()
    {
        using var answer = await Send(HttpMethod.Head);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_wav.Length, answer.Content.Headers.ContentLength);
        Assert.NotNull(answer.Headers.ETag);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Conditions_are_kept()
    {
        using var whole = await Send(HttpMethod.Get);
        var tag = whole.Headers.ETag!.ToString();

        using var known = await Send(HttpMethod.Get, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var same = await Send(HttpMethod.Get, ("Range", "bytes=0-9"), ("If-Range", tag));
        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        using var other = await Send(HttpMethod.Get, ("Range", "bytes=0-9"), ("If-Range", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var failed = await Send(HttpMethod.Get, ("If-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, failed.StatusCode);
        Assert.Equal("version_mismatch", (await failed.Content.ReadFromJsonAsync<JsonElement>()).Code());
        using var beyond = await Send(HttpMethod.Get, ("Range", "bytes=99999-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal($"bytes */{_wav.Length}", beyond.Content.Headers.ContentRange!.ToString());
        var problem = await beyond.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("invalid_request", problem.Code());
        Assert.Equal(416, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Ones_own_picture_has_ranges_conditions_and_a_head()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4, 5, 6];
        using var put = await _ana.PutAsync("/api/v1/me/avatar", new ByteArrayContent(png));
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        using var whole = await Send("/me/avatar", HttpMethod.Get);
        var tag = whole.Headers.ETag!.ToString();
        Assert.Equal(png, await whole.Content.ReadAsByteArrayAsync());
        using var part = await Send("/me/avatar", HttpMethod.Get, ("Range", "bytes=8-9"), ("If-Range", tag));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal([1, 2], await part.Content.ReadAsByteArrayAsync());
        using var known = await Send("/me/avatar", HttpMethod.Get, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var head = await Send("/me/avatar", HttpMethod.Head);
        Assert.Equal(png.Length, head.Content.Headers.ContentLength);
        using var beyond = await Send("/me/avatar", HttpMethod.Get, ("Range", "bytes=14-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Fact]
    public async Task Only_its_owner_may_change_a_track_and_a_private_one_is_not_there_for_others()
    {
        using var bea = (await TestUser.CreateAsync(server)).CreateClient(server);
        using var nobody = server.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await bea.Get($"/tracks/{_track}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.Get($"/tracks/{_track}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await bea.Patch($"/tracks/{_track}", new { title = "Hers" })).Status);

        var (changed, track) = await _ana.Patch($"/tracks/{_track}", new { visibility = "private", year = 1999 });
        Assert.Equal(HttpStatusCode.OK, changed);
        Assert.Equal(1999, track.GetProperty("year").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await bea.Get($"/tracks/{_track}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bea.Get($"/tracks/{_track}/audio")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await bea.Patch($"/tracks/{_track}", new { title = "Hers" })).Status);
        Assert.DoesNotContain(_track, await ListedIds(bea));
        Assert.Contains(_track, await ListedIds(_ana));

        await _ana.Patch($"/tracks/{_track}", new { visibility = "public" });
        Assert.Equal(HttpStatusCode.OK, (await nobody.Get($"/tracks/{_track}")).Status);

        using var removed = await _ana.DeleteAsync($"/api/v1/tracks/{_track}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _ana.Get($"/tracks/{_track}")).Status);
        Assert.DoesNotContain(_track, await ListedIds(_ana));
    }

    [Fact]
    public async Task A_picture_can_be_given_and_is_known_by_its_bytes()
    {
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
        Assert.Equal(HttpStatusCode.NotFound, (await _ana.Get($"/tracks/{_track}/artwork")).Status);

        using var put = await _ana.PutAsync($"/api/v1/tracks/{_track}/artwork", new ByteArrayContent(png));
        using var got = await _ana.GetAsync($"/api/v1/tracks/{_track}/artwork");
        using var refused = await _ana.PutAsync($"/api/v1/tracks/{_track}/artwork", new StringContent("<svg/>"));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("image/png", got.Content.Headers.ContentType!.MediaType);
        Assert.Equal(png, await got.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
    }

    [Fact]
    public async Task What_is_no_audio_is_refused()
    {
        var (status, problem) = await Upload(_ana, "#EXTM3U\nhttp://127.0.0.1/secret\n"u8.ToArray(), metadata: null);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Equal("unsupported_media", problem.Code());
    }

    [Fact]
    public async Task A_playlist_goes_out_as_a_file_and_comes_back_as_the_same_list()
    {
        var list = $"#EXTM3U\n{server.Address}/api/v1/tracks/{_track}/audio\n#EXTINF:1,Ana - noise!\nx.mp3\nmissing.mp3\n";
        var (status, imported) = await Import(list, "My list.m3u8");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("My list", imported.GetProperty("playlist").Text("name"));
        Assert.Equal(["trackId", "artistTitle"], imported.GetProperty("matches").EnumerateArray().Select(m => m.Text("how")));
        Assert.Equal(5, Assert.Single(imported.GetProperty("unmatched").EnumerateArray()).GetProperty("number").GetInt32());

        foreach (var format in new[] { "m3u8", "xspf", "jspf" })
        {
            using var export = await _ana.GetAsync($"/api/v1/playlists/{imported.Text("id")}/export?format={format}");
            Assert.Equal(HttpStatusCode.OK, export.StatusCode);
            var (_, again) = await Import(await export.Content.ReadAsStringAsync(), $"again.{format}");
            Assert.Equal([_track, _track], again.GetProperty("matches").EnumerateArray().Select(m => m.Text("trackId")));
        }
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Upload(
        HttpClient client, byte[] content, string? metadata)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", "noise.wav" } };
        if (metadata is not null)
            form.Add(new StringContent(metadata), "metadata");
        using var answer = await client.PostAsync("/api/v1/tracks", form);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Import(string text, string fileName)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "file", fileName } };
        using var answer = await _ana.PostAsync("/api/v1/playlists/import", form);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task<IEnumerable<string>> ListedIds(HttpClient client)
    {
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var (_, page) = await client.Get($"/tracks?genre=noise&limit=2&sort=addedAt&cursor={cursor}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("id")));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return ids;
    }

    private Task<HttpResponseMessage> Send(HttpMethod method, params (string Name, string Value)[] headers) =>
        Send($"/tracks/{_track}/audio", method, headers);

    private async Task<HttpResponseMessage> Send(
        string path, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1{path}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _ana.SendAsync(request);
    }
}

using IndiiMusic.Bench.Hosting;
using IndiiMusic.Bench.Load;
using IndiiMusic.Bench.Measuring;

namespace IndiiMusic.Bench.Rows;

/// <summary>A page of entries through the gateway, against an endpoint that has the same bytes at hand.</summary>
internal static class PageRow
{
    private const int Entries = 100;

    public static async Task<IReadOnlyList<ResultLine>> MeasureAsync(BenchSettings settings)
    {
        var folder = settings.Data.Create();
        await using var gateway = await BenchGateway.StartAsync(folder, tracks: Entries);
        var playlistId = await gateway.CreatePlaylistAsync(gateway.Tracks);
        var route = $"playlists/{playlistId}/entries?limit={Entries}";
        using var answer = await gateway.GetAsync(route);
        var etag = answer.Headers.ETag!.Tag;
        var page = Path.Combine(folder, "page.json");
        await File.WriteAllBytesAsync(page, await answer.Content.ReadAsByteArrayAsync());
        await using var bare = await ServerProcess.StartBareAsync("--page", page);

        var whole = await CompareAsync(settings, gateway, bare, route, status: 200);
        var notModified = await CompareAsync(settings, gateway, bare, route, status: 304, etag);
        var bytes = new FileInfo(page).Length;
        return
        [
            whole.ToLine($"GET of a page of 100 entries, {bytes:N0} bytes", Target.AtLeast(0.5), "bare"),
            notModified.ToLine("The same, answered 304", Target.AtLeast(0.7), "bare"),
        ];
    }

    private static async Task<Rates> CompareAsync(
        BenchSettings settings, BenchGateway gateway, ServerProcess bare, string route, int status, string? etag = null)
    {
        // Both get the same headers, although only ours looks at who asks.
        var token = $"Authorization: Bearer {gateway.AccessToken}";
        using var ours = new HttpLoad(
            gateway.Process.Address, $"/api/v1/{route}", status, [token, .. IfNoneMatch(etag)]);
        using var baseline = new HttpLoad(
            bare.Address, BareServer.PageRoute, status, [token, .. IfNoneMatch(etag is null ? null : BareServer.ETag)]);
        return await Alternation.CompareAsync(
            settings,
            new Side(ours.RunAsync, gateway.Process.ProcessorTime),
            new Side(baseline.RunAsync, bare.ProcessorTime));
    }

    private static IEnumerable<string> IfNoneMatch(string? etag) => etag is null ? [] : [$"If-None-Match: {etag}"];
}

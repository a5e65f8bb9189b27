using IndiiMusic.Cluster.Tests.Load;
using IndiiMusic.Standalone.Tests.Serve;
using IndiiMusic.TestServers;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>
/// A cluster in use, and a Standalone, whose figures a real Prometheus collects: what an operator's dashboards and
/// alerts work on.
/// </summary>
internal sealed class WatchedCluster : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("indii-watched-").FullName;
    private readonly int _management = FreePort.Next();
    private StandaloneProcess? _standalone;
    private PlaylistLoad? _load;

    public PrometheusServer Prometheus { get; private set; } = null!;

    /// <summary>Series by name, then label, then the values that were seen.</summary>
    public Dictionary<string, Dictionary<string, HashSet<string>>> Series { get; } = new(StringComparer.Ordinal);

    /// <summary>Starts what is missing, and a load that goes on; returns when all of it is in Prometheus.</summary>
    public static async Task<WatchedCluster> StartAsync(IndiiCluster cluster, string rules)
    {
        var watched = new WatchedCluster();
        try
        {
            await watched.StartAllAsync(cluster, rules);
            return watched;
        }
        catch
        {
            await watched.DisposeAsync();
            throw;
        }
    }

    /// <summary>What the Standalone shows.</summary>
    public async Task<string> StandaloneMetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{_management}/metrics"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
            await _load.DisposeAsync();
        if (Prometheus is not null)
            await Prometheus.DisposeAsync();
        if (_standalone is not null)
            await _standalone.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartAllAsync(IndiiCluster cluster, string rules)
    {
        var settings = Path.Combine(_data, "live.json");
        await File.WriteAllTextAsync(settings, """{"RateLimits":{"AnonymousBurst":1000}}""");
        _standalone = StandaloneProcess.Run(
            "--data", _data, "--set", "Auth:Passwords:Iterations=1000",
            "--set", "LiveSettings:Provider=File", "--set", $"LiveSettings:File:Path={settings}",
            "--url", "http://127.0.0.1:0", "--management-url", $"http://127.0.0.1:{_management}");
        var address = new Uri(await _standalone.ReadyAsync());
        Prometheus = new PrometheusServer(
            [
                .. cluster.Silos.Select(silo => ("indii-silo", silo.Management.Authority)),
                .. cluster.Gateways.Select(gateway => ("indii-api", gateway.Management.Authority)),
                ("indii-standalone", $"127.0.0.1:{_management}"),
            ],
            rules);
        await Prometheus.StartAsync();

        await UseAsync(cluster.User, await cluster.UploadAsync());
        using var own = new ApiClient([address.GetLeftPart(UriPartial.Authority)]);
        await own.SignUpAsync("somebody");
        await UseAsync(own, Guid.CreateVersion7());
        _load = await PlaylistLoad.StartAsync(cluster.User, hubEditors: 2, restEditors: 2);
        await _load.FlowsAsync(100);
        await IndiiCluster.EventuallyAsync(IsSeenAsync, TimeSpan.FromSeconds(30));
    }

    /// <summary>One of each: what people do in a day.</summary>
    private static async Task UseAsync(ApiClient user, Guid track)
    {
        var made = await user.SendAsync(HttpMethod.Post, "/playlists", new { name = "Used" });
        var playlist = $"/playlists/{made["id"]}";
        await user.SendAsync(HttpMethod.Post, $"{playlist}/operations", new
        {
            operationId = "first",
            ops = new[] { new { kind = "append", trackIds = new[] { track } } },
        });
        for (var i = 0; i < 5; i++)
            await user.SendAsync(HttpMethod.Get, $"{playlist}/entries");
        using var missing = await user.AskAsync(HttpMethod.Get, $"/tracks/{Guid.CreateVersion7()}");
        using var audio = await user.AskAsync(HttpMethod.Get, $"/tracks/{track}/audio");
        using var wrong = await user.AskAsync(
            HttpMethod.Post, "/auth/login", new { login = "nobody", password = "no password of anybody" });
    }

    /// <summary>Whether there is enough for a rate of everything, and for what is looked up in the background.</summary>
    private async Task<bool> IsSeenAsync()
    {
        var settled = await Prometheus.QueryAsync(
            """
            min(count_over_time(up[1m])) > 5
            and on () max(indiimusic_grain_activations{grain="playlist"}) > 0
            and on () count(indiimusic_rabbitmq_dead_letters) > 0
            and on () count(rate(indiimusic_rabbitmq_last_message_age_seconds[10s])) > 0
            and on () count(indiimusic_outbox_batches) > 3
            """);
        if (settled.Count == 0)
            return false;
        Series.Clear();
        foreach (var series in (await Prometheus.AskAsync("series?match[]={job=~\".%2B\"}")).AsArray())
        {
            var labels = series!.AsObject();
            var name = labels["__name__"]!.GetValue<string>();
            if (!Series.TryGetValue(name, out var known))
                Series.Add(name, known = new(StringComparer.Ordinal));
            foreach (var (label, value) in labels)
            {
                if (!known.TryGetValue(label, out var values))
                    known.Add(label, values = new(StringComparer.Ordinal));
                values.Add(value!.GetValue<string>());
            }
        }

        return true;
    }
}

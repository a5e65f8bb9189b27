using System.Net;
using IndiiMusic.Cluster.Tests.Load;
using IndiiMusic.TestServers;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>The configurations of reverse proxies in docs/proxies, run by the real programs.</summary>
[Collection(ClusterCollection.Name)]
[Trait("Server", "Consul")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "Redis")]
[Trait("Server", "S3")]
public sealed class ProxyTests(IndiiCluster cluster)
{
    [Fact]
    [Trait("Server", "HAProxy")]
    public async Task Behind_HAProxy_nobody_notices_that_gateways_come_and_go()
    {
        await using var proxy = new HaproxyServer(Documented("haproxy.cfg"), Gateway(0), Gateway(1));
        await HoldAsync(proxy, takesBackAfter: TimeSpan.FromSeconds(3));
    }

    [Fact]
    [Trait("Server", "Nginx")]
    public async Task Behind_nginx_nobody_notices_that_gateways_come_and_go()
    {
        await using var proxy = new NginxServer(Documented("nginx.conf"), Gateway(0), Gateway(1));
        await HoldAsync(proxy, takesBackAfter: TimeSpan.FromSeconds(6));
    }

    /// <param name="proxy">The proxy, not started.</param>
    /// <param name="takesBackAfter">When it tries a gateway again that was away, as its configuration says.</param>
    private async Task HoldAsync(ReverseProxy proxy, TimeSpan takesBackAfter)
    {
        await proxy.StartAsync();
        await PlainRequestsAreSentToTlsAsync(proxy);
        using var user = new ApiClient([proxy.Address], proxy.Certificate);
        await user.SignUpAsync($"proxied{Guid.NewGuid():N}"[..20]);
        await AddressesAreTheCallersAsync(user);
        await EverySortOfHubConnectionWorksAsync(proxy, user);
        await AKilledGatewayIsNotMissedAsync(user);
        await AStoppedGatewayLosesNoRequestAsync(user, takesBackAfter);
    }

    private static async Task PlainRequestsAreSentToTlsAsync(ReverseProxy proxy)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var moved = await http.GetAsync(new Uri($"{proxy.PlainAddress}/api/v1/genres"));
        Assert.Equal(HttpStatusCode.PermanentRedirect, moved.StatusCode);
        Assert.Equal(Uri.UriSchemeHttps, moved.Headers.Location!.Scheme);
    }

    /// <summary>An export holds absolute addresses of tracks: they must be those that the caller can use.</summary>
    private static async Task AddressesAreTheCallersAsync(ApiClient user)
    {
        var playlist = await user.SendUntilAnsweredAsync(HttpMethod.Post, "/playlists", new { name = "Exported" });
        await user.SendUntilAnsweredAsync(HttpMethod.Post, $"/playlists/{playlist["id"]}/operations", new
        {
            operationId = "one",
            ops = new[] { new { kind = "append", trackIds = new[] { Guid.CreateVersion7() } } },
        });
        using var export = await user.AskAsync(HttpMethod.Get, $"/playlists/{playlist["id"]}/export?format=m3u8");
        Assert.Contains(
            $"{user.Address}/api/v1/tracks/", await export.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>With negotiation, as SignalR's own clients do, and where WebSockets do not get through.</summary>
    private static async Task EverySortOfHubConnectionWorksAsync(ReverseProxy proxy, ApiClient user)
    {
        var playlist = await user.SendUntilAnsweredAsync(HttpMethod.Post, "/playlists", new { name = "Watched" });
        foreach (var transport in (HttpTransportType[])[HttpTransportType.WebSockets, HttpTransportType.LongPolling])
        {
            for (var i = 0; i < 2; i++)
            {
                await using var connection = new HubConnectionBuilder()
                    .WithUrl($"{user.Address}/hubs/playlists", transport, options =>
                    {
                        options.AccessTokenProvider = () => Task.FromResult<string?>(user.AccessToken);
                        options.HttpMessageHandlerFactory = _ => new SocketsHttpHandler
                        {
                            CookieContainer = options.Cookies,
                            SslOptions = ReverseProxy.Trusting(proxy.Certificate),
                        };
                        options.WebSocketConfiguration = socket => socket.RemoteCertificateValidationCallback =
                            (_, shown, _, _) => shown?.GetCertHashString() == proxy.Certificate.Thumbprint;
                    })
                    .Build();
                await connection.StartAsync();
                await connection.InvokeAsync("Join", playlist["id"]!.GetValue<Guid>(), (long?)null);
            }
        }
    }

    private async Task AKilledGatewayIsNotMissedAsync(ApiClient user)
    {
        await using var load = await PlaylistLoad.StartAsync(user);
        await cluster.Gateways[0].KillAsync();
        await load.FlowsAsync(100);
        await cluster.Gateways[0].StartAsync();
        await load.FlowsAsync(50);
        await load.AssertConvergesAsync();
    }

    /// <summary>None of these requests is sent again by anybody but the proxy.</summary>
    private async Task AStoppedGatewayLosesNoRequestAsync(ApiClient user, TimeSpan takesBackAfter)
    {
        var playlist = await user.SendUntilAnsweredAsync(HttpMethod.Post, "/playlists", new { name = "Steady" });
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            var sent = 0;
            while (!done.IsCancellationRequested)
            {
                await user.SendAsync(HttpMethod.Post, $"/playlists/{playlist["id"]}/operations", new
                {
                    operationId = $"{i}-{sent++}",
                    ops = new[] { new { kind = "append", trackIds = new[] { Guid.CreateVersion7() } } },
                });
                await user.SendAsync(HttpMethod.Get, $"/playlists/{playlist["id"]}/entries?limit=5");
            }

            return sent;
        })).ToList();

        foreach (var gateway in cluster.Gateways)
        {
            await Task.WhenAny(Task.WhenAll(callers), Task.Delay(takesBackAfter));
            await gateway.SignalAsync("TERM");
            await gateway.EndedAsync();
            await gateway.StartAsync();
        }

        await done.CancelAsync();
        var sent = await Task.WhenAll(callers);
        var entries = await Acknowledged.ReadAllAsync(user, $"/playlists/{playlist["id"]}");
        Assert.Equal(sent.Sum(), entries.Count);
    }

    private string Gateway(int at) => new Uri(cluster.Addresses[at]).Authority;

    private static string Documented(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "IndiiMusic.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "docs", "proxies", name);
    }
}

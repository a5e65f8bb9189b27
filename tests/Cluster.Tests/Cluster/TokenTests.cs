using System.Diagnostics;
using System.Net;
using IndiiMusic.Cluster.Tests.Load;
using Microsoft.AspNetCore.SignalR.Client;
using OtpNet;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>What two gateways and three silos must agree on about tokens and second factors.</summary>
[Collection(ClusterCollection.Name)]
[Trait("Server", "Redis")]
[Trait("Server", "Consul")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "S3")]
public sealed class TokenTests(IndiiCluster cluster)
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_personal_token_revoked_at_one_gateway_is_refused_by_the_other_within_two_seconds()
    {
        using var user = await cluster.SignUpAsync();
        await user.SendAsync(HttpMethod.Post, "/auth/step-up", new { password = ApiClient.Password });
        var playlist = await user.SendAsync(HttpMethod.Post, "/playlists", new { name = "Watched" });
        var made = await user.SendAsync(
            HttpMethod.Post, "/me/tokens", new { name = "script", scopes = new[] { "playlists:read" } });
        var token = made["token"]!.GetValue<string>();
        using var elsewhere = new HttpClient { BaseAddress = new Uri(cluster.Addresses[1]) };
        elsewhere.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(elsewhere));
        var ended = new TaskCompletionSource();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(cluster.Addresses[1] + "/hubs/playlists", http =>
                http.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        hub.Closed += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync();
        await hub.InvokeAsync("Join", playlist["id"]!.GetValue<string>(), null);

        await user.SendAsync(HttpMethod.Delete, $"/me/tokens/{made["personalToken"]!["id"]}");

        var since = Stopwatch.StartNew();
        while (await StatusAsync(elsewhere) != HttpStatusCode.Unauthorized)
            Assert.True(since.Elapsed < Promise, "The other gateway still takes the token.");
        await ended.Task.WaitAsync(Promise);
    }

    [Fact]
    public async Task Guesses_at_a_code_are_counted_over_all_gateways_and_a_code_is_taken_by_one_only()
    {
        using var user = await cluster.SignUpAsync();
        await user.SendAsync(HttpMethod.Post, "/auth/step-up", new { password = ApiClient.Password });
        var begun = await user.SendAsync(HttpMethod.Post, "/me/two-factor", new { });
        var totp = new Totp(Base32Encoding.ToBytes(begun["secret"]!.GetValue<string>()));
        await user.SendAsync(HttpMethod.Post, "/me/two-factor/confirm", new { code = totp.ComputeTotp() });
        var next = totp.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));

        var sameCode = await Task.WhenAll(cluster.Addresses.Select(address => LogInAsync(address, user, next)));

        // The code that came twice was the first wrong one.
        for (var i = 0; i < 4; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await LogInAsync(cluster.Addresses[i % 2], user, "000000x"));
        var locked = await Task.WhenAll(cluster.Addresses.Select(address => LogInAsync(address, user, "000000x")));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], sameCode.Order());
        Assert.All(locked, status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/api/v1/me/playlists", UriKind.Relative));
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> LogInAsync(string address, ApiClient user, string code)
    {
        using var client = new ApiClient([address]);
        using var answer = await client.AskAsync(
            HttpMethod.Post, "/auth/login", new { login = user.Username, password = ApiClient.Password, code });
        return answer.StatusCode;
    }
}

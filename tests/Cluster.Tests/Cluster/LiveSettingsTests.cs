using System.Net.Http.Headers;
using IndiiMusic.Cluster.Tests.Load;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>Settings that an operator changes in Consul, for all processes of a cluster at once, with no restart.</summary>
[Collection(ClusterCollection.Name)]
[Trait("Server", "Consul")]
[Trait("Server", "RabbitMq")]
[Trait("Server", "Redis")]
[Trait("Server", "S3")]
public sealed class LiveSettingsTests(IndiiCluster cluster) : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _consul = new()
    {
        BaseAddress = new Uri(cluster.Consul.Address, "/v1/kv/indiimusic/settings/"),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        using var deleted = await _consul.DeleteAsync(new Uri("?recurse", UriKind.Relative));
        deleted.EnsureSuccessStatusCode();
        await EverybodyIsAsync("healthy");
    }

    public void Dispose() => _consul.Dispose();

    [Fact]
    public async Task A_limit_and_a_level_change_on_all_gateways_and_what_is_wrong_is_refused_by_all()
    {
        await PutAsync("RateLimits/UserBurst", "77777");
        await PutAsync("Logging/LogLevel/IndiiMusic.Api.Telemetry", "Debug");
        await EverywhereAsync(async address => (await PolicyAsync(address)).Contains("q=77777"));
        foreach (var (gateway, address) in cluster.Gateways.Zip(cluster.Addresses))
        {
            await IndiiCluster.EventuallyAsync(
                async () =>
                {
                    await PolicyAsync(address);
                    return gateway.Output.Contains("GET /api/v1/features answered 200", StringComparison.Ordinal);
                },
                Patience);
            Assert.Contains("configuration-changed", gateway.Output, StringComparison.Ordinal);
        }

        await PutAsync("RateLimits/UserBurst", "none");
        await EverybodyIsAsync("degraded");
        foreach (var address in cluster.Addresses)
            Assert.Contains("q=77777", await PolicyAsync(address), StringComparison.Ordinal);
        foreach (var process in cluster.Silos.Concat(cluster.Gateways))
        {
            Assert.Contains(
                "RateLimits:UserBurst is 'none'; it may be 1 to 1000000.", process.Output, StringComparison.Ordinal);
        }

        await PutAsync("RateLimits/UserBurst", "88888");
        await EverybodyIsAsync("healthy");
        await EverywhereAsync(async address => (await PolicyAsync(address)).Contains("q=88888"));
    }

    [Fact]
    public async Task A_feature_for_one_group_is_there_for_its_members_alone()
    {
        using var member = await cluster.SignUpAsync();
        using var other = await cluster.SignUpAsync();

        await PutAsync("Features/Groups/testers/0", member.UserId.ToString());
        await PutAsync("FeatureManagement/Imports", """
            { "EnabledFor": [ { "Name": "Microsoft.Targeting", "Parameters": { "Audience": {
                "Groups": [ { "Name": "testers", "RolloutPercentage": 100 } ], "DefaultRolloutPercentage": 0 } } } ] }
            """);

        await EverywhereAsync(async address => !await HasImportsAsync(address, other));
        await EverywhereAsync(async address => await HasImportsAsync(address, member));
    }

    private async Task PutAsync(string key, string value)
    {
        using var answer = await _consul.PutAsync(new Uri(key, UriKind.Relative), new StringContent(value));
        answer.EnsureSuccessStatusCode();
    }

    private async Task EverywhereAsync(Func<string, Task<bool>> holds)
    {
        foreach (var address in cluster.Addresses)
            await IndiiCluster.EventuallyAsync(() => holds(address), Patience);
    }

    private async Task EverybodyIsAsync(string status)
    {
        foreach (var process in cluster.Silos.Concat(cluster.Gateways))
        {
            await IndiiCluster.EventuallyAsync(
                async () => await process.HealthOfAsync("live-settings") == status, Patience);
        }
    }

    private async Task<string> PolicyAsync(string address)
    {
        using var answer = await AskAsync(address, cluster.User);
        return string.Join(' ', answer.Headers.GetValues("RateLimit-Policy"));
    }

    private static async Task<bool> HasImportsAsync(string address, ApiClient user)
    {
        using var answer = await AskAsync(address, user);
        return (await answer.Content.ReadAsStringAsync()).Contains("\"imports\":true", StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> AskAsync(string address, ApiClient user)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.AccessToken);
        return await client.GetAsync(new Uri($"{address}/api/v1/features"));
    }
}

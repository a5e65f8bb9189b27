using System.Diagnostics;
using IndiiMusic.Api.Listeners;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Auth;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.Redis;
using IndiiMusic.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace IndiiMusic.Api.Tests.Redis;

/// <summary>Test classes marked [Collection(RedisCollection.Name)] share these, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RedisCollection : ICollectionFixture<TwoGateways>
{
    public const string Name = "redis";
}

/// <summary>
/// Two gateways over the same grains and a real Redis: Standalone's own, and a second one that shares nothing else.
/// </summary>
public sealed class TwoGateways : StandaloneServer, IAsyncLifetime
{
    private readonly List<IHost> _clients = [];
    private WebApplication? _second;

    public RedisServer Redis { get; } = new();

    /// <summary>Where the second gateway answers.</summary>
    public string SecondAddress { get; private set; } = "";

    /// <summary>What the second gateway itself uses.</summary>
    public IServiceProvider SecondServices => _second!.Services;

    protected override string[] Settings =>
    [
        "--Cache:Provider=Redis", "--RateLimits:Provider=Redis", "--Sessions:Provider=Redis",
        $"--Redis:ConnectionString={Redis.Endpoint}",

        // A loaded test machine takes longer than a request should wait.
        "--Redis:CommandTimeout=00:00:01",
        "--RateLimits:LogInsPerMinute=20",
        "--RateLimits:AnonymousPerSecond=1000",
    ];

    /// <summary>
    /// What gateways use of Redis, twice and without gateways, with the patience that a loaded test machine needs.
    /// </summary>
    public IReadOnlyList<IServiceProvider> Clients => [.. _clients.Select(client => client.Services)];

    /// <summary>A client of the second gateway.</summary>
    public HttpClient CreateSecondClient() => new() { BaseAddress = new Uri(SecondAddress) };

    async Task IAsyncLifetime.InitializeAsync()
    {
        await Redis.StartAsync();
        await InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddCommandLine([
            "--Kestrel:Endpoints:Http:Url=http://127.0.0.1:0",
            "--Kestrel:Endpoints:Management:Url=http://127.0.0.1:0",
            "--RateLimits:AnonymousBurst=100000",
            "--RateLimits:UserBurst=100000",
            "--RateLimits:HubBurst=100000",
            "--RateLimits:LogInsPerAddressPerMinute=10000",
            .. Settings,
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(Services.GetRequiredService<IGrainFactory>());
        builder.Services.AddSingleton(Services.GetRequiredService<IClusterClient>());
        builder.Services.AddSingleton(Services.GetRequiredService<IObjectStore>());
        builder.Services.AddSingleton(Services.GetRequiredService<ISigningKeyStore>());
        builder.AddIndiiApi();
        _second = builder.Build();
        _second.MapIndiiApi();
        await _second.StartAsync();
        for (var i = 0; i < 2; i++)
            _clients.Add(await StartClientAsync());
        SecondAddress = _second.Services.GetRequiredService<ListenerAddresses>().Public[0];
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.StopAsync();
            client.Dispose();
        }

        if (_second is not null)
        {
            await _second.StopAsync();
            await _second.DisposeAsync();
        }

        await DisposeAsync();
        await Redis.DisposeAsync();
    }

    /// <summary>Calls Redis past the gateways.</summary>
    public async Task<TResult> CallAsync<TResult>(Func<IDatabase, Task<TResult>> call)
    {
        var answer = await Clients[0].GetRequiredService<RedisConnection>()
            .CallAsync("test", call, static (database, it) => it(database));
        Assert.True(answer.IsAnswered);
        return answer.Value;
    }

    /// <summary>Waits until something holds that others bring about; fails after a time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, double seconds = 15)
    {
        var since = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(since.Elapsed.TotalSeconds < seconds, $"It did not come about within {seconds} s.");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until both gateways say so of Redis in their readiness, which is 200 all the while.</summary>
    public async Task UntilRedisIsAsync(string status)
    {
        foreach (var address in (string[])[Address, SecondAddress])
        {
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            await UntilAsync(async () =>
            {
                using var answer = await client.GetAsync("/health/ready");
                answer.EnsureSuccessStatusCode();
                var text = await answer.Content.ReadAsStringAsync();
                return text.Contains($"\"redis\":{{\"status\":\"{status}\"", StringComparison.Ordinal);
            });
        }
    }

    private async Task<IHost> StartClientAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRedisConnection(options =>
        {
            options.ConnectionString = $"{Redis.Endpoint},allowAdmin=true";
            options.CommandTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddSingleton<RedisTokenBuckets>();
        builder.Services.AddSingleton<SharedCards>();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}

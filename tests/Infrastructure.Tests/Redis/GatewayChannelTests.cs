using System.Collections.Concurrent;
using System.Diagnostics;
using IndiiMusic.Infrastructure.Redis;
using IndiiMusic.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace IndiiMusic.Infrastructure.Tests.Redis;

[Trait("Server", "Redis")]
public sealed class GatewayChannelTests : IAsyncLifetime
{
    private const string Password = "hunter2";

    private static readonly RedisScript Tell = new("return redis.call('PUBLISH', ARGV[1], ARGV[2])");

    private readonly List<Gateway> _gateways = [];
    private RedisServer _server = null!;

    public async Task InitializeAsync() => _server = await RedisServer.LaunchAsync(Password);

    public async Task DisposeAsync()
    {
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task All_gateways_hear_in_the_order_of_telling_and_only_their_own_installation()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        var stranger = await StartAsync(prefix: "other:");
        var ids = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToList();

        foreach (var id in ids)
            await first.TellAsync(id);

        await UntilAsync(() => first.Heard.Count == ids.Count && second.Heard.Count == ids.Count);
        Assert.Equal(ids, second.Heard);
        Assert.Equal(ids, first.Heard);
        Assert.Empty(stranger.Heard);
    }

    [Fact]
    public async Task A_lost_subscription_is_a_gap_that_is_made_up_for()
    {
        var gateway = await StartAsync();
        await UntilAsync(() => gateway.Channel.IsHearing);
        var (madeUp, since) = (gateway.MadeUp, gateway.Channel.HearsSince);

        await CallAsync(gateway, database => database.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub"));

        await UntilAsync(() => gateway.MadeUp > madeUp && gateway.Channel.IsHearing);
        Assert.True(gateway.Channel.HearsSince > since);
    }

    [Fact]
    public async Task Who_cannot_make_up_does_not_hear()
    {
        var gateway = await StartAsync(canMakeUp: false);
        await UntilAsync(() => gateway.MadeUp > 2);
        Assert.False(gateway.Channel.IsHearing);
        Assert.Equal(HealthStatus.Degraded, await gateway.HealthAsync());

        gateway.CanMakeUp = true;

        await UntilAsync(() => gateway.Channel.IsHearing);
        await UntilAsync(async () => await gateway.HealthAsync() == HealthStatus.Healthy);
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_when_Redis_is_back_and_the_log_says_each_change_once()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        await UntilAsync(() => first.Channel.IsHearing && second.Channel.IsHearing);
        await _server.StopAsync();
        await UntilAsync(() => !first.Channel.IsHearing);
        var id = Guid.CreateVersion7();

        await first.TellAsync(id);
        await UntilAsync(async () => await first.HealthAsync() == HealthStatus.Degraded);
        for (var i = 0; i < 50; i++)
            await CallAsync(first, database => database.PingAsync(), expected: false);
        await _server.StartAsync();

        await UntilAsync(() => second.Heard.Contains(id) || first.Heard.Contains(id));
        await UntilAsync(async () => await first.HealthAsync() == HealthStatus.Healthy);
        Assert.Single(first.Log, line => line.StartsWith("Redis is away", StringComparison.Ordinal));
        Assert.Equal(2, first.Log.Count(line => line.StartsWith("Redis answers", StringComparison.Ordinal)));
        Assert.DoesNotContain(first.Log, line => line.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_that_starts_first_finds_Redis_later()
    {
        await _server.StopAsync();
        var gateway = await StartAsync();
        Assert.Equal(HealthStatus.Degraded, await gateway.HealthAsync());
        Assert.False(gateway.Channel.IsHearing);

        await _server.StartAsync();

        await UntilAsync(() => gateway.Channel.IsHearing);
    }

    [Fact]
    public async Task A_hanging_Redis_costs_the_timeout_a_few_times_and_then_nothing()
    {
        var gateway = await StartAsync();
        await UntilAsync(() => gateway.Channel.IsHearing);
        await _server.SignalAsync("STOP");

        var since = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++)
            await CallAsync(gateway, database => database.PingAsync(), expected: false);

        // Waiting each time would take 200 times 200 ms.
        Assert.InRange(since.Elapsed.TotalSeconds, 0.2, 8);
        await _server.SignalAsync("CONT");
        await UntilAsync(() => gateway.Channel.IsHearing);
    }

    private static async Task UntilAsync(Func<bool> holds) => await UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var since = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(since.Elapsed.TotalSeconds < 15, "It did not come about within 15 s.");
            await Task.Delay(20);
        }
    }

    private static async Task CallAsync<TResult>(
        Gateway gateway, Func<IDatabase, Task<TResult>> call, bool expected = true)
    {
        var answer = await gateway.Redis.CallAsync("test", call, static (database, it) => it(database));
        Assert.Equal(expected, answer.IsAnswered);
    }

    private async Task<Gateway> StartAsync(string prefix = "test:", bool canMakeUp = true)
    {
        var gateway = new Gateway(_server, prefix) { CanMakeUp = canMakeUp };
        _gateways.Add(gateway);
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>One gateway's end of the channel.</summary>
    private sealed class Gateway : IGatewayListener, ILoggerProvider, ILogger, IAsyncDisposable
    {
        private readonly IHost _host;
        private int _madeUp;

        public Gateway(RedisServer server, string prefix)
        {
            var builder = Host.CreateEmptyApplicationBuilder(settings: null);
            builder.Logging.AddProvider(this);
            builder.Services.AddSingleton<IGatewayListener>(this);
            builder.Services.AddRedisConnection(options =>
            {
                options.ConnectionString = $"{server.Endpoint},allowAdmin=true";
                options.Password = Password;
                options.KeyPrefix = prefix;
                options.ConnectTimeout = TimeSpan.FromMilliseconds(500);
                options.CommandTimeout = TimeSpan.FromMilliseconds(200);
                options.ReconnectDelayMax = TimeSpan.FromMilliseconds(500);
            });
            _host = builder.Build();
        }

        public ConcurrentQueue<Guid> Heard { get; } = [];

        public ConcurrentQueue<string> Log { get; } = [];

        public int MadeUp => _madeUp;

        public bool CanMakeUp { get; set; } = true;

        public RedisConnection Redis => _host.Services.GetRequiredService<RedisConnection>();

        public GatewayChannel Channel => _host.Services.GetRequiredService<GatewayChannel>();

        public GatewayMessageKind Kind => GatewayMessageKind.TrackChanged;

        public Task StartAsync() => _host.StartAsync();

        public ValueTask TellAsync(Guid id) => Channel.TellAsync(Kind, id, Tell, "unused");

        public async Task<HealthStatus> HealthAsync() =>
            (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

        public void Take(Guid id) => Heard.Enqueue(id);

        public Task MakeUpAsync()
        {
            Interlocked.Increment(ref _madeUp);
            return CanMakeUp ? Task.CompletedTask : Task.FromException(new TimeoutException("Not yet."));
        }

        ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

        void IDisposable.Dispose()
        {
        }

        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        bool ILogger.IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
            Log.Enqueue(format(state, exception));

        public async ValueTask DisposeAsync()
        {
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
        }
    }
}

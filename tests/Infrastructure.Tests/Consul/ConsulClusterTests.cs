using System.Diagnostics;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orleans.Messaging;

namespace IndiiMusic.Infrastructure.Tests.Consul;

/// <summary>Silos and clients that find each other over an agent of their own, which comes and goes.</summary>
[Trait("Server", "Consul")]
public sealed class ConsulClusterTests : IClassFixture<ConsulClusterTests.Agent>, IAsyncLifetime
{
    private readonly Agent _agent;
    private readonly ConsulHosts _hosts;

    public ConsulClusterTests(Agent agent)
    {
        _agent = agent;
        _hosts = new ConsulHosts(agent.Server.Address);
    }

    public Task InitializeAsync() => _agent.SetRunningAsync(true);

    public async Task DisposeAsync()
    {
        // A silo that stops says so in the table.
        await _agent.SetRunningAsync(true);
        await _hosts.EndAsync();
    }

    [Fact]
    public async Task Silos_and_clients_may_start_before_consul_and_each_other()
    {
        await _agent.SetRunningAsync(false);
        var client = _hosts.Client();
        var clientStart = client.StartAsync();
        await _hosts.Log.UntilAsync("Waiting for Consul to find the cluster's silos");
        var silo = _hosts.Silo();
        var siloStart = silo.StartAsync();
        await _hosts.Log.UntilAsync("Waiting for Consul to join the cluster's membership");
        Assert.False(clientStart.IsCompleted || siloStart.IsCompleted);

        await _agent.SetRunningAsync(true);
        await siloStart;
        await clientStart;

        await CallAsync(client, key: 1);
    }

    [Fact]
    public async Task A_silo_that_waits_for_consul_stops_when_told_to()
    {
        await _agent.SetRunningAsync(false);
        var silo = _hosts.Silo();
        var start = silo.StartAsync();
        await _hosts.Log.UntilAsync("Waiting for Consul to join the cluster's membership");

        silo.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_client_that_waits_for_silos_stops_when_told_to()
    {
        var client = _hosts.Client();
        var start = client.StartAsync();
        await _hosts.Log.UntilAsync("Waiting for a silo that takes calls");

        client.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Silos_see_each_other_come_and_die_and_so_does_the_client()
    {
        var first = _hosts.Silo();
        await first.StartAsync();
        var client = _hosts.Client();
        await client.StartAsync();
        var second = _hosts.Silo();
        await second.StartAsync();
        var secondAddress = second.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        await UntilAsync(async () => (await GatewaysAsync(client)).Count == 2);
        await UntilAsync(() => Task.FromResult(StatusOf(first, secondAddress) == SiloStatus.Active));
        await UntilAsync(async () =>
        {
            var places = await Task.WhenAll(Enumerable.Range(0, 50).Select(key => CallAsync(client, key)));
            return places.Distinct().Count() == 2;
        });

        await ConsulHosts.KillAsync(second);

        await UntilAsync(() => Task.FromResult(StatusOf(first, secondAddress) == SiloStatus.Dead));
        await UntilAsync(async () => (await GatewaysAsync(client)).Count == 1);
        for (var key = 0; key < 50; key++)
            await RetryAsync(() => CallAsync(client, key));
    }

    [Fact]
    public async Task A_running_cluster_goes_on_without_consul_and_new_silos_wait()
    {
        var first = _hosts.Silo();
        await first.StartAsync();
        var second = _hosts.Silo();
        await second.StartAsync();
        var client = _hosts.Client();
        await client.StartAsync();
        await UntilAsync(async () => (await GatewaysAsync(client)).Count == 2);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(client));

        await _agent.SetRunningAsync(false);
        var late = _hosts.Silo();
        var lateStart = late.StartAsync();
        // Several times as long as a silo may go without its sign of life, and several refreshes of the table.
        var since = Stopwatch.StartNew();
        for (var key = 0; since.Elapsed < TimeSpan.FromSeconds(5); key++)
        {
            await CallAsync(client, key);
            await Task.Delay(2);
        }

        Assert.Equal(2, (await GatewaysAsync(client)).Count);
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(client));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(first));
        Assert.False(lateStart.IsCompleted);

        await _agent.SetRunningAsync(true);
        await lateStart;
        await UntilAsync(async () => (await GatewaysAsync(client)).Count == 3);
        await UntilAsync(async () => await HealthAsync(client) == HealthStatus.Healthy);
        await CallAsync(client, key: 1);
        var lateAddress = late.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        await UntilAsync(() => Task.FromResult(StatusOf(first, lateAddress) == SiloStatus.Active));
    }

    [Fact]
    public async Task A_silo_and_a_client_stop_without_consul_within_their_time()
    {
        var silo = _hosts.Silo();
        await silo.StartAsync();
        var client = _hosts.Client();
        await client.StartAsync();
        await _agent.SetRunningAsync(false);
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        var since = Stopwatch.StartNew();
        await client.StopAsync(time.Token);
        await silo.StopAsync(time.Token);

        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static Task<string> CallAsync(IHost client, int key) =>
        client.Services.GetRequiredService<IGrainFactory>().GetGrain<IWhereGrain>(key).WhereAsync();

    private static Task<IList<Uri>> GatewaysAsync(IHost client) =>
        client.Services.GetRequiredService<IGatewayListProvider>().GetGateways();

    private static SiloStatus StatusOf(IHost seenBy, SiloAddress silo) =>
        seenBy.Services.GetRequiredService<ISiloStatusOracle>().GetApproximateSiloStatus(silo);

    private static async Task<HealthStatus> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries[ConsulHosting.HealthCheckName].Status;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
            await Task.Delay(20, patience.Token);
    }

    private static async Task RetryAsync(Func<Task> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception failure) when (attempt < 20 && failure is OrleansException or TimeoutException)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>An agent whose data stays while it does not run.</summary>
    public sealed class Agent : IAsyncLifetime
    {
        private bool _isRunning;

        public ConsulServer Server { get; } = new();

        public Task InitializeAsync() => SetRunningAsync(true);

        public async Task SetRunningAsync(bool isRunning)
        {
            if (isRunning == _isRunning)
                return;
            _isRunning = isRunning;
            await (isRunning ? Server.StartAsync() : Server.StopAsync());
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}

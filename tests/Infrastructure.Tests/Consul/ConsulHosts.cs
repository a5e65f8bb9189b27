using System.Collections.Concurrent;
using System.Net;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.TestServers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace IndiiMusic.Infrastructure.Tests.Consul;

/// <summary>Silos and clients, each a host of its own, that find each other over Consul alone.</summary>
internal sealed class ConsulHosts(Uri consul)
{
    private readonly List<IHost> _hosts = [];
    private readonly string _clusterId = $"cluster-{Guid.CreateVersion7():N}";

    public ConsulLog Log { get; } = new();

    /// <summary>A silo that finds out soon that another is gone, and that writes its sign of life often.</summary>
    public IHost Silo()
    {
        var builder = Builder();
        builder.UseOrleans(silo => silo
            .UseConsulClustering()
            .Configure<ClusterOptions>(Name)
            .Configure<EndpointOptions>(endpoints =>
            {
                endpoints.AdvertisedIPAddress = IPAddress.Loopback;
                endpoints.SiloPort = FreePort.Next();
                endpoints.GatewayPort = FreePort.Next();
            })
            .Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromMilliseconds(300);
            }));
        return Keep(builder.Build());
    }

    public IHost Client()
    {
        var builder = Builder();
        builder.UseOrleansClient(client => client
            .UseConsulClustering()
            .Configure<ClusterOptions>(Name)
            .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5)));
        return Keep(builder.Build());
    }

    /// <summary>Ends a silo without its leave; its memory cannot be taken from this process.</summary>
    public static Task KillAsync(IHost host) => host.StopAsync(new CancellationToken(canceled: true));

    public async Task EndAsync()
    {
        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            // Orleans refuses to stop what has not started.
            var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            if (lifetime.ApplicationStarted.IsCancellationRequested)
                await host.StopAsync(new CancellationToken(canceled: true));
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private void Name(ClusterOptions options)
    {
        options.ClusterId = _clusterId;
        options.ServiceId = "tests";
    }

    private HostApplicationBuilder Builder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Consul:Address"] = consul.ToString(),
            ["Consul:RetryDelayMax"] = "00:00:00.500",
        });
        builder.Logging.AddProvider(Log).AddFilter<ConsulLog>("IndiiMusic", LogLevel.Information);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        return builder;
    }

    private IHost Keep(IHost host)
    {
        _hosts.Add(host);
        return host;
    }
}

/// <summary>Keeps the product's messages.</summary>
internal sealed class ConsulLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _messages = new();

    public IReadOnlyCollection<string> Messages => _messages;

    public async Task UntilAsync(string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_messages.Any(message => message.Contains(words, StringComparison.Ordinal)))
            await Task.Delay(10, patience.Token);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _messages.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public void Dispose()
    {
    }
}

/// <summary>A grain that says where it is.</summary>
[Alias("indii.tests.where-grain")]
internal interface IWhereGrain : IGrainWithIntegerKey
{
    [Alias("Where")]
    Task<string> WhereAsync();
}

[GrainType("indii-tests-where")]
internal sealed class WhereGrain(ILocalSiloDetails silo) : Grain, IWhereGrain
{
    public Task<string> WhereAsync() => Task.FromResult(silo.SiloAddress.ToParsableString());
}

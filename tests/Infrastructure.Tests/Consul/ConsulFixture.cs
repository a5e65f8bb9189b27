using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Tests.Conformance;
using IndiiMusic.TestServers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace IndiiMusic.Infrastructure.Tests.Consul;

[CollectionDefinition(Name)]
public sealed class ConsulCollection : ICollectionFixture<ConsulFixture>
{
    public const string Name = "Consul";
}

/// <summary>A Consul agent that the tests of the collection share, each with keys of its own.</summary>
public sealed class ConsulFixture : IAsyncLifetime, IMembershipFixture
{
    private readonly List<IAsyncDisposable> _lists = [];

    public ConsulServer Server { get; } = new();

    internal ConsulClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Server.StartAsync();
        Client = ConsulParts.Client(new ConsulOptions { Address = Server.Address });
    }

    public async Task DisposeAsync()
    {
        foreach (var list in _lists)
            await list.DisposeAsync();
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public async Task<IMembershipTable> TableAsync(string clusterId)
    {
        var table = ConsulParts.Table(Client, clusterId);
        await table.InitializeMembershipTableAsync(true, CancellationToken.None);
        return table;
    }

    public async Task<IGatewayListProvider> GatewaysAsync(string clusterId)
    {
        var list = ConsulParts.Gateways(Client, clusterId);
        _lists.Add(list);
        await list.InitializeGatewayListProviderAsync(CancellationToken.None);
        return list;
    }
}

/// <summary>The adapter's parts, put together without a host.</summary>
internal static class ConsulParts
{
    public static ConsulClient Client(ConsulOptions options) => new(Options.Create(options), TimeProvider.System);

    public static ConsulPatience Patience(ConsulClient client) => new(
        client, Options.Create(new ConsulOptions()), TimeProvider.System, NullLogger<ConsulPatience>.Instance);

    public static ConsulMembershipTable Table(ConsulClient client, string clusterId) => new(
        client,
        Patience(client),
        Options.Create(new ConsulClusteringOptions()),
        Options.Create(new ClusterOptions { ClusterId = clusterId }),
        TimeProvider.System);

    public static ConsulGatewayList Gateways(ConsulClient client, string clusterId) => new(
        client,
        Patience(client),
        Options.Create(new ConsulOptions()),
        Options.Create(new ConsulClusteringOptions()),
        Options.Create(new ClusterOptions { ClusterId = clusterId }),
        TimeProvider.System,
        NullLogger<ConsulGatewayList>.Instance);
}

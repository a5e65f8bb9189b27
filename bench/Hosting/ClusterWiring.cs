using System.Globalization;
using IndiiMusic.TestServers;

namespace IndiiMusic.Bench.Hosting;

/// <summary>
/// The servers that a cluster works on, started for the measurement: RabbitMQ, Redis, Consul, and in MongoDB's place
/// the server that tests use, in a process of its own. Settings go to the programs through the environment.
/// </summary>
internal sealed class ClusterWiring : IAsyncDisposable
{
    private readonly MongoDbProcess _mongoDb = new();
    private readonly RabbitMqServer _rabbitMq = new();
    private readonly RedisServer _redis = new();
    private readonly ConsulServer _consul = new();
    private int _databases;

    private ClusterWiring()
    {
    }

    /// <summary>Starts the servers, and wires every program that starts from now on to them.</summary>
    public static async Task<ClusterWiring> StartAsync()
    {
        var wiring = new ClusterWiring();
        await Task.WhenAll(
            wiring._mongoDb.StartAsync(),
            wiring._rabbitMq.StartAsync(),
            wiring._redis.StartAsync(),
            wiring._consul.StartAsync());
        Set("Storage:Provider", "MongoDb");
        Set("Storage:MongoDb:ConnectionString", wiring._mongoDb.ConnectionString);
        Set("Streams:Provider", "RabbitMq");
        Set("Streams:RabbitMq:Uri", wiring._rabbitMq.Uri);
        Set("Cache:Provider", "Redis");
        Set("RateLimits:Provider", "Redis");
        Set("Sessions:Provider", "Redis");
        Set("Redis:ConnectionString", wiring._redis.Endpoint);
        Set("Consul:Address", wiring._consul.Address.ToString());
        return wiring;
    }

    /// <summary>Gives a setting to every program that starts from now on.</summary>
    public static void Set(string key, string value) => Environment.SetEnvironmentVariable(
        "INDIIMUSIC_" + key.Replace(":", "__", StringComparison.Ordinal), value);

    /// <summary>Lets every program that starts from now on begin with nothing stored.</summary>
    public void UseNewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench{++_databases}");
        Set("Storage:MongoDb:Database", name);
        Set("Streams:RabbitMq:Prefix", name);
    }

    public async ValueTask DisposeAsync()
    {
        await _mongoDb.DisposeAsync();
        await _rabbitMq.DisposeAsync();
        await _redis.DisposeAsync();
        await _consul.DisposeAsync();
    }
}

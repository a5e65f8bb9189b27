using System.Globalization;
using System.Net.Http.Headers;
using IndiiMusic.Cluster.Tests.Load;
using IndiiMusic.MongoDbServer;
using IndiiMusic.TestServers;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Cluster.Tests.Cluster;

/// <summary>
/// A whole cluster on this machine: three silos and two gateways as processes of their own, on real servers of
/// everything but MongoDB, for which the server of <see cref="MongoDbTestServer"/> stands in.
/// </summary>
public sealed class IndiiCluster : IAsyncLifetime
{
    private const int SiloCount = 3;
    private const int GatewayCount = 2;
    private const string Database = "cluster";

    private readonly string _keys = Directory.CreateTempSubdirectory("indii-cluster-keys-").FullName;
    private readonly string _encryptionKeys = Directory.CreateTempSubdirectory("indii-cluster-encryption-").FullName;
    private int _users;

    public MongoDbTestServer MongoDb { get; private set; } = null!;

    public ConsulServer Consul { get; } = new();

    public RabbitMqServer RabbitMq { get; } = new();

    public RedisServer Redis { get; } = new();

    public CephServer S3 { get; private set; } = null!;

    public IReadOnlyList<ProgramProcess> Silos { get; private set; } = [];

    public IReadOnlyList<ProgramProcess> Gateways { get; private set; } = [];

    /// <summary>Where the gateways answer.</summary>
    public IReadOnlyList<string> Addresses { get; } =
        [.. Enumerable.Range(0, GatewayCount).Select(_ => $"http://127.0.0.1:{FreePort.Next()}")];

    /// <summary>A user who knows both gateways.</summary>
    public ApiClient User { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_encryptionKeys, "encryption-20261123T101500Z.key"), Convert.ToBase64String(new byte[32]));
        MongoDb = await MongoDbTestServer.StartAsync();
        var s3 = CephServer.LaunchAsync();
        await Task.WhenAll(s3, Consul.StartAsync(), RabbitMq.StartAsync(), Redis.StartAsync());
        S3 = await s3;

        Silos = [.. Enumerable.Range(0, SiloCount).Select(_ => NewSilo())];
        Gateways = [.. Addresses.Select(address => NewGateway(address))];
        await Task.WhenAll(Silos.Concat(Gateways).Select(process => process.StartAsync()));
        User = await SignUpAsync();
    }

    /// <summary>A further silo, not started yet.</summary>
    /// <param name="further">Settings besides, or instead.</param>
    public ProgramProcess NewSilo(params (string Key, string Value)[] further)
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        return new ProgramProcess("IndiiMusic.Silo", management, new Dictionary<string, string>(Shared())
        {
            ["Kestrel:Endpoints:Management:Url"] = management,
            ["Silo:SiloPort"] = Text(FreePort.Next()),
            ["Silo:GatewayPort"] = Text(FreePort.Next()),
            ["Storage:MongoDb:ConnectionString"] = MongoDb.ConnectionString,
            ["Storage:MongoDb:Database"] = Database,
            ["Streams:RabbitMq:Uri"] = RabbitMq.Uri,
            ["Playlists:OutboxSweepAfterSeconds"] = "5",
            ["Auth:EncryptionKeys:Folder"] = _encryptionKeys,

            // What a hash costs is tested where it is made.
            ["Auth:Passwords:Iterations"] = "1000",
        }.With(further));
    }

    /// <summary>Signs a further user up.</summary>
    public async Task<ApiClient> SignUpAsync()
    {
        var user = new ApiClient(Addresses);
        await user.SignUpAsync($"user{Interlocked.Increment(ref _users)}");
        return user;
    }

    /// <summary>Uploads a tone, and waits until it can be heard.</summary>
    /// <returns>The track's id.</returns>
    public async Task<Guid> UploadAsync()
    {
        using var form = new MultipartFormDataContent();
        using var tone = new ByteArrayContent(Tone());
        tone.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        form.Add(tone, "file", "tone.wav");
        using var client = new HttpClient { BaseAddress = new Uri(Addresses[0]) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", User.AccessToken);
        using var answer = await client.PostAsync(new Uri("/api/v1/tracks", UriKind.Relative), form);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return System.Text.Json.Nodes.JsonNode.Parse(body)!["id"]!.GetValue<Guid>();
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds, TimeSpan patience)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < patience, $"It did not come about in {patience}.");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until every durable event has reached those who follow it.</summary>
    public async Task OutboxEmptiesAsync()
    {
        var batches = new MongoClient(MongoDb.ConnectionString).GetDatabase(Database)
            .GetCollection<BsonDocument>("events");
        var waiting = Builders<BsonDocument>.Filter.Exists("outboxSince");
        await EventuallyAsync(
            async () => !await batches.Find(waiting).Limit(1).AnyAsync(), TimeSpan.FromSeconds(100));
    }

    /// <summary>Waits until a process has ended by itself, and starts it again as a supervisor would.</summary>
    public static async Task RestartWhenEndedAsync(ProgramProcess process)
    {
        await process.EndedAsync();
        await process.StartAsync();
    }

    public async Task DisposeAsync()
    {
        User?.Dispose();
        foreach (var process in Gateways.Concat(Silos))
            await process.DisposeAsync();
        await KeepLogsAsync();
        await Consul.DisposeAsync();
        await RabbitMq.DisposeAsync();
        await Redis.DisposeAsync();
        if (S3 is not null)
            await S3.DisposeAsync();
        if (MongoDb is not null)
            await MongoDb.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
        Directory.Delete(_encryptionKeys, recursive: true);
    }

    /// <summary>Leaves what the programs said beside the tests, for whoever has to find out why one failed.</summary>
    private async Task KeepLogsAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "cluster-logs")).FullName;
        for (var i = 0; i < Silos.Count; i++)
            await File.WriteAllTextAsync(Path.Combine(folder, $"silo{i + 1}.log"), Silos[i].Output);
        for (var i = 0; i < Gateways.Count; i++)
            await File.WriteAllTextAsync(Path.Combine(folder, $"gateway{i + 1}.log"), Gateways[i].Output);
    }

    /// <summary>A further gateway, not started yet.</summary>
    /// <param name="address">Where it shall answer.</param>
    /// <param name="further">Settings besides, or instead.</param>
    public ProgramProcess NewGateway(string address, params (string Key, string Value)[] further)
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        return new ProgramProcess("IndiiMusic.Api", management, new Dictionary<string, string>(Shared())
        {
            ["Kestrel:Endpoints:Http:Url"] = address,
            ["Kestrel:Endpoints:Management:Url"] = management,
            ["Auth:SigningKeys:Folder"] = _keys,
            ["Redis:ConnectionString"] = Redis.Endpoint,
            ["Draining:Delay"] = "00:00:03",
            ["Proxies:Trusted:0"] = "127.0.0.1",
            ["RateLimits:UserPerSecond"] = "100000",
            ["RateLimits:UserBurst"] = "100000",
            ["RateLimits:HubPerSecond"] = "100000",
            ["RateLimits:HubBurst"] = "100000",
            ["RateLimits:AnonymousBurst"] = "100000",
            ["RateLimits:LogInsPerMinute"] = "1000",
            ["RateLimits:LogInsPerAddressPerMinute"] = "10000",
        }.With(further));
    }

    private Dictionary<string, string> Shared() => new()
    {
        ["Consul:Address"] = Consul.Address.ToString(),
        ["Objects:S3:ServiceUrl"] = S3.Address,
        ["Objects:S3:Bucket"] = "indii",
        ["Objects:S3:CreateBucket"] = "true",
        ["Objects:S3:ForcePathStyle"] = "true",
        ["Objects:S3:AccessKey"] = S3.AccessKey,
        ["Objects:S3:SecretKey"] = S3.SecretKey,
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A second of a tone, as PCM in a WAV file.</summary>
    private static byte[] Tone()
    {
        const int rate = 8_000;
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write("RIFF"u8);
        writer.Write(36 + rate * 2);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(rate * 2);
        for (var i = 0; i < rate; i++)
            writer.Write((short)(8_000 * Math.Sin(i * 2 * Math.PI * 440 / rate)));
        writer.Flush();
        return wav.ToArray();
    }
}

/// <summary>Settings of a program.</summary>
internal static class ProgramSettings
{
    /// <summary>The same with some more, or others in their place.</summary>
    public static Dictionary<string, string> With(
        this Dictionary<string, string> settings, IEnumerable<(string Key, string Value)> further)
    {
        foreach (var (key, value) in further)
            settings[key] = value;
        return settings;
    }
}

/// <summary>Tests that share one cluster, and so run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<IndiiCluster>
{
    public const string Name = "Cluster";
}

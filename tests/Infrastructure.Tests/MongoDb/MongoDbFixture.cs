using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Tracks;
using IndiiMusic.Infrastructure.Documents;
using IndiiMusic.Infrastructure.MongoDb;
using IndiiMusic.Infrastructure.Tests.Conformance;
using IndiiMusic.MongoDbServer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>
/// A database of its own with the adapters on it: on the test server, or on a real one where the environment variable
/// <c>INDIIMUSIC_TEST_MONGODB</c> has its connection string. It is dropped afterwards.
/// </summary>
public sealed class MongoDbFixture : ICatalogFixture, IAsyncDisposable
{
    private readonly Action<MongoDbOptions> _configure;
    private readonly bool _faults;
    private ServiceProvider? _services;
    private MongoDbTestServer? _server;

    public MongoDbFixture()
        : this(_ => { }, faults: false)
    {
    }

    internal MongoDbFixture(Action<MongoDbOptions> configure, bool faults)
    {
        _configure = configure;
        _faults = faults;
    }

    public static string? RealServer => Environment.GetEnvironmentVariable("INDIIMUSIC_TEST_MONGODB");

    public IEventStore EventStore => Services.GetRequiredService<IEventStore>();

    public IGrainStorage GrainStorage => Services.GetRequiredService<IGrainStorage>();

    public ITrackCatalog Catalog => Services.GetRequiredService<ITrackCatalog>();

    public IImportLedger Ledger => Services.GetRequiredService<IImportLedger>();

    public IReminderTable ReminderTable => Services.GetRequiredService<IReminderTable>();

    public IMongoDatabase Raw => Get<MongoDbDatabase>().Database;

    /// <summary>The server that faults are injected into.</summary>
    internal MongoDbTestServer Server => _server!;

    private string DatabaseName { get; } = $"indiimusic-test-{Guid.CreateVersion7():N}";

    private ServiceProvider Services => _services ?? throw new InvalidOperationException("It has not been started.");

    public async Task InitializeAsync()
    {
        if (_faults || RealServer is null)
            _server = await MongoDbTestServer.StartAsync();
        _services = Build();
        foreach (var startup in _services.GetServices<ILifecycleParticipant<ISiloLifecycle>>().OfType<MongoDbStartup>())
            await startup.WaitAsync(CancellationToken.None);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            _server?.Faults.Clear();
            await Raw.Client.DropDatabaseAsync(DatabaseName);
            await _services.DisposeAsync();
        }

        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Says where the database is.</summary>
    internal void Connect(MongoDbOptions options)
    {
        options.ConnectionString = _server?.ConnectionString ?? RealServer!;
        options.Database = DatabaseName;
        options.StartPatience = TimeSpan.FromSeconds(10);
        _configure(options);
    }

    /// <summary>What a second process on the same database has.</summary>
    internal ServiceProvider Build(
        Action<MongoDbOptions>? configure = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddSerializer();
        services.Configure<ClusterOptions>(cluster => cluster.ServiceId = "indii");
        services.AddSingleton<IGrainStorageSerializer, NoOrleansState>();
        services.AddSingleton<StateDocuments>();
        services.AddSingleton<IGrainStorage, MongoDbGrainStorage>();
        services.AddMongoDbIndexes(MongoDbReminderTable.Indexes);
        services.AddSingleton<IReminderTable, MongoDbReminderTable>();
        services.AddMongoDbStorage(options =>
        {
            Connect(options);
            configure?.Invoke(options);
        });
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    internal T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Stands where a silo has Orleans's serializer; only Orleans's own state would need it.</summary>
    private sealed class NoOrleansState : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => throw new NotSupportedException();

        public T Deserialize<T>(BinaryData input) => throw new NotSupportedException();
    }
}

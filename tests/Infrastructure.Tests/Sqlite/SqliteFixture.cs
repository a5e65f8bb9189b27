using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Tracks;
using IndiiMusic.Infrastructure.Documents;
using IndiiMusic.Infrastructure.Sqlite;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

/// <summary>A database in a folder of its own, with the adapters on it.</summary>
public sealed class SqliteFixture : ICatalogFixture, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indiimusic-sqlite-").FullName;
    private readonly ServiceProvider _services;

    public SqliteFixture()
        : this(_ => { })
    {
    }

    internal SqliteFixture(Action<SqliteOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddLogging();
        services.AddSerializer();
        services.AddSingleton<IGrainStorageSerializer, NoOrleansState>();
        services.AddSingleton<StateDocuments>();
        services.AddSingleton<IGrainStorage, SqliteGrainStorage>();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.AddSqliteStorage(options =>
        {
            options.File = File;
            configure(options);
        });
        _services = services.BuildServiceProvider();
    }

    public string File => Path.Combine(_folder, "indii.db");

    public IEventStore EventStore => _services.GetRequiredService<IEventStore>();

    public IGrainStorage GrainStorage => _services.GetRequiredService<IGrainStorage>();

    public ITrackCatalog Catalog => _services.GetRequiredService<ITrackCatalog>();

    public IImportLedger Ledger => _services.GetRequiredService<IImportLedger>();

    public IReminderTable ReminderTable => _services.GetRequiredService<IReminderTable>();

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stands where a silo has Orleans's serializer; only Orleans's own state would need it.</summary>
    private sealed class NoOrleansState : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => throw new NotSupportedException();

        public T Deserialize<T>(BinaryData input) => throw new NotSupportedException();
    }
}

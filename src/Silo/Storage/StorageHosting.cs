using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.MongoDb;
using IndiiMusic.Infrastructure.Sqlite;

namespace IndiiMusic.Silo.Storage;

/// <summary>What keeps grain state, events, reminders, the catalog. Key <c>Storage:Provider</c>.</summary>
public enum StorageProvider
{
    /// <summary>One file on this machine.</summary>
    Sqlite,

    /// <summary>A MongoDB deployment that all silos share.</summary>
    MongoDb,
}

/// <summary>The storage of this silo.</summary>
internal static class StorageHosting
{
    /// <summary>Adds what <c>Storage:Provider</c> says.</summary>
    public static ISiloBuilder AddIndiiStorage(this ISiloBuilder silo)
    {
        switch (silo.Services.ChooseProvider(silo.Configuration, "Storage", StorageProvider.Sqlite))
        {
            case StorageProvider.MongoDb:
                silo.Services.AddMongoDbStorage();
                return silo.UseMongoDbGrainStorage().UseMongoDbReminders();
            default:
                silo.Services.AddSqliteStorage();
                return silo.UseSqliteGrainStorage().UseSqliteReminders();
        }
    }
}

using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Errors;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Tracks;
using IndiiMusic.Infrastructure.Documents;
using IndiiMusic.Infrastructure.EventLog;
using IndiiMusic.Infrastructure.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>Everything that the cluster keeps in MongoDB.</summary>
public static class MongoDbHosting
{
    /// <summary>The name of the health check, tagged <c>ready</c>, that fails while no primary answers.</summary>
    public const string HealthCheckName = "mongodb";

    private static readonly string[] HealthCheckTags = ["ready"];

    /// <summary>
    /// Adds the database and, on it, <see cref="IEventStore"/>, <see cref="ITrackCatalog"/> and
    /// <see cref="IImportLedger"/>. Its options come from <see cref="MongoDbOptions.Section"/>, then from
    /// <paramref name="configure"/>. The silo starts when the database answers and has its indexes.
    /// </summary>
    public static IServiceCollection AddMongoDbStorage(
        this IServiceCollection services, Action<MongoDbOptions>? configure = null)
    {
        var options = services.AddOptions<MongoDbOptions>().BindConfiguration(MongoDbOptions.Section).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<MongoDbOptions>, MongoDbOptionsValidator>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MongoDbDatabase>();
        services.TryAddSingleton<MongoDbOutboxMarks>();
        services.TryAddSingleton<IEventStore, MongoDbEventStore>();
        services.TryAddSingleton<ITrackCatalog, MongoDbTrackCatalog>();
        services.TryAddSingleton<IImportLedger, MongoDbImportLedger>();
        services.AddMongoDbIndexes(MongoDbEventStore.Indexes);
        services.AddMongoDbIndexes(MongoDbTrackCatalog.Indexes);
        services.AddMongoDbIndexes(MongoDbImportLedger.Indexes);
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MongoDbStartup>();
        services.AddSingleton<ISampledFigures, OutboxMetrics>();
        services.AddHealthChecks().AddCheck<MongoDbHealthCheck>(HealthCheckName, tags: HealthCheckTags);
        return services;
    }

    /// <summary>
    /// Keeps grain state in the database that <see cref="AddMongoDbStorage"/> adds, for the default provider and for
    /// each further name, such as <c>PubSubStore</c>.
    /// </summary>
    public static ISiloBuilder UseMongoDbGrainStorage(this ISiloBuilder silo, params ReadOnlySpan<string> furtherNames)
    {
        silo.Services.TryAddSingleton<StateDocuments>();
        silo.Services.TryAddSingleton<MongoDbGrainStorage>();
        AddNamed(silo.Services, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        foreach (var name in furtherNames)
            AddNamed(silo.Services, name);
        return silo.AddStorageFailures();
    }

    /// <summary>Keeps reminders in the database that <see cref="AddMongoDbStorage"/> adds.</summary>
    public static ISiloBuilder UseMongoDbReminders(this ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.Services.AddMongoDbIndexes(MongoDbReminderTable.Indexes);
        silo.Services.AddSingleton<IReminderTable, MongoDbReminderTable>();
        return silo;
    }

    /// <summary>Lets the start make an adapter's indexes.</summary>
    internal static IServiceCollection AddMongoDbIndexes(
        this IServiceCollection services, IEnumerable<MongoDbIndex> indexes)
    {
        foreach (var index in indexes)
            services.AddSingleton(index);
        return services;
    }

    private static void AddNamed(IServiceCollection services, string name) =>
        services.AddGrainStorage(name, (provider, _) => provider.GetRequiredService<MongoDbGrainStorage>());
}

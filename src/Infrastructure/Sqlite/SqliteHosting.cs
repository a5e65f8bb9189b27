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

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>Everything that is kept in one SQLite file: events, grain state and reminders.</summary>
public static class SqliteHosting
{
    /// <summary>The name of the health check, tagged <c>ready</c>, that fails while the file takes no writes.</summary>
    public const string HealthCheckName = "sqlite";

    private static readonly string[] HealthCheckTags = ["ready"];

    /// <summary>
    /// Adds the database and, on it, <see cref="IEventStore"/>, the catalog and the import ledger. Its options come
    /// from <see cref="SqliteOptions.Section"/>, then from <paramref name="configure"/>. The file and its tables are
    /// made before other services start.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(
        this IServiceCollection services, Action<SqliteOptions>? configure = null)
    {
        var options = services.AddOptions<SqliteOptions>().BindConfiguration(SqliteOptions.Section).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SqliteOptions>, SqliteOptionsValidator>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SqliteHealth>();
        services.TryAddSingleton<SqliteDatabase>();
        services.TryAddSingleton<SqliteWriter>();
        services.TryAddSingleton<SqliteReaders>();
        services.TryAddSingleton<IEventStore, SqliteEventStore>();
        services.TryAddSingleton<ITrackCatalog, SqliteTrackCatalog>();
        services.TryAddSingleton<IImportLedger, SqliteImportLedger>();
        services.AddHostedService<SqliteStartup>();
        services.AddSingleton<ISampledFigures, SqliteFileMetrics>();
        services.AddSingleton<ISampledFigures, OutboxMetrics>();
        services.AddHealthChecks().AddCheck<SqliteHealthCheck>(HealthCheckName, tags: HealthCheckTags);
        return services;
    }

    /// <summary>
    /// Keeps grain state in the database that <see cref="AddSqliteStorage"/> adds, for the default provider and for
    /// each further name, such as <c>PubSubStore</c>.
    /// </summary>
    public static ISiloBuilder UseSqliteGrainStorage(this ISiloBuilder silo, params ReadOnlySpan<string> furtherNames)
    {
        silo.Services.TryAddSingleton<StateDocuments>();
        silo.Services.TryAddSingleton<SqliteGrainStorage>();
        AddNamed(silo.Services, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        foreach (var name in furtherNames)
            AddNamed(silo.Services, name);
        return silo.AddStorageFailures();
    }

    /// <summary>Keeps reminders in the database that <see cref="AddSqliteStorage"/> adds.</summary>
    public static ISiloBuilder UseSqliteReminders(this ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.Services.AddSingleton<IReminderTable, SqliteReminderTable>();
        return silo;
    }

    private static void AddNamed(IServiceCollection services, string name) =>
        services.AddGrainStorage(name, (provider, _) => provider.GetRequiredService<SqliteGrainStorage>());
}

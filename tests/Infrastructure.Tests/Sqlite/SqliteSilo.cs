using System.Net;
using IndiiMusic.Infrastructure.Sqlite;
using IndiiMusic.Infrastructure.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Streams;

namespace IndiiMusic.Infrastructure.Tests.Sqlite;

/// <summary>A real silo on a database file, which can be started again on the same file.</summary>
internal sealed class SqliteSilo : IAsyncDisposable
{
    public const string Streams = "streams";

    private readonly IHost _host;

    private SqliteSilo(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<SqliteSilo> StartAsync(string file)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSqliteStorage(options =>
        {
            options.File = file;
            options.BusyTimeout = TimeSpan.FromMilliseconds(200);
        });
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(gatewayPort: 0);
            silo.Configure<EndpointOptions>(endpoints =>
                endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, 0));
            silo.UseSqliteGrainStorage("PubSubStore");
            silo.UseSqliteReminders();
            silo.AddMemoryStreams(Streams);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new SqliteSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

/// <summary>A grain with a state, a reminder and a subscription.</summary>
[Alias("indii.tests.sample-grain")]
internal interface ISampleGrain : IGrainWithStringKey
{
    [Alias("Name")]
    Task<string?> Name();

    [Alias("Rename")]
    Task Rename(string name);

    [Alias("Remind")]
    Task Remind(TimeSpan period);

    [Alias("ReminderNames")]
    Task<List<string>> ReminderNames();

    [Alias("Subscribe")]
    Task Subscribe();

    [Alias("CountSubscriptions")]
    Task<int> CountSubscriptions();
}

[GrainType("sample-grain")]
internal sealed class SampleGrain([PersistentState("sample")] IPersistentState<SampleState> stored)
    : Grain, ISampleGrain, IRemindable
{
    private IAsyncStream<string> Stream =>
        this.GetStreamProvider(SqliteSilo.Streams).GetStream<string>("samples", this.GetPrimaryKeyString());

    public Task<string?> Name() => Task.FromResult(stored.State.Name);

    public async Task Rename(string name)
    {
        stored.State.Name = name;
        await stored.WriteStateAsync();
    }

    public Task Remind(TimeSpan period) => this.RegisterOrUpdateReminder("sample", period, period);

    public async Task<List<string>> ReminderNames() =>
        [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task Subscribe() => Stream.SubscribeAsync((_, _) => Task.CompletedTask);

    public async Task<int> CountSubscriptions() => (await Stream.GetAllSubscriptionHandles()).Count;

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

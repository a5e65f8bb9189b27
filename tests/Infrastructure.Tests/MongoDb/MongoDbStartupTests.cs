using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.MongoDb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDb;

/// <summary>Settings, the start before the database is there, its indexes, and what an operator is told.</summary>
public sealed class MongoDbStartupTests
{
    private const string Password = "Tr0ub4dor-3";

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData($"mongodb://user:{Password}@")]
    [InlineData($"mongodb://user:{Password}@host/?w=x&maxPoolSize=a")]
    [InlineData($"http://user:{Password}@host")]
    public void A_wrong_connection_string_is_named_but_not_shown(string connectionString)
    {
        var failures = Validate(options => options.ConnectionString = connectionString);

        var failure = Assert.Single(failures);
        Assert.StartsWith("Storage:MongoDb:ConnectionString ", failure, StringComparison.Ordinal);
        Assert.Contains("mongodb://", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, failure, StringComparison.Ordinal);
        if (connectionString.Length > 0)
            Assert.DoesNotContain(connectionString, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var failures = Validate(options =>
        {
            options.ConnectionString = " ";
            options.Database = "a b/c";
            options.CollectionPrefix = "system.$";
            options.ConnectionsMax = 0;
            options.ConnectionsMin = 7;
            options.OperationTimeout = TimeSpan.Zero;
        });

        foreach (var member in new[]
        {
            "ConnectionString", "Database", "CollectionPrefix", "ConnectionsMax", "ConnectionsMin", "OperationTimeout",
        })
        {
            Assert.Contains(failures, failure => failure.Contains(member, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Only_the_connection_string_has_to_be_given() =>
        Assert.Empty(Validate(options => options.ConnectionString = "mongodb://db.example.org"));

    [Fact]
    public async Task The_start_waits_for_the_database_and_says_for_what()
    {
        await using var fixture = new MongoDbFixture(ImpatientWithServers, faults: true);
        await fixture.InitializeAsync();
        await fixture.Server.StopAsync();
        var log = new HeardLog();
        await using var second = fixture.Build(
            more: services => services.AddLogging(logging => logging.AddProvider(log)));
        var start = Startup(second).WaitAsync(default);
        await log.Heard.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(start.IsCompleted);

        fixture.Server.StartAgain();
        await start.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains($"127.0.0.1:{fixture.Server.Port}", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_whose_patience_ends_is_refused_with_the_reason_and_no_secret()
    {
        await using var fixture = new MongoDbFixture(ImpatientWithServers, faults: true);
        await fixture.InitializeAsync();
        await using var second = fixture.Build(options =>
        {
            options.ConnectionString = $"mongodb://user:{Password}@127.0.0.1:1/?authSource=admin";
            options.StartPatience = TimeSpan.Zero;
        });

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Startup(second).WaitAsync(default));

        Assert.Contains("127.0.0.1:1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_indexes_are_made_once_however_many_start()
    {
        await using var fixture = new MongoDbFixture();
        await fixture.InitializeAsync();
        await using var second = fixture.Build();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Startup(second).WaitAsync(default)));

        Assert.Equal(["_id_", "outbox_by_age"], await IndexesAsync("events"));
        Assert.Equal(["ByHash", "ByName", "_id_"], await IndexesAsync("OrleansReminderV2"));

        async Task<IEnumerable<string>> IndexesAsync(string collection)
        {
            using var indexes = await fixture.Raw.GetCollection<BsonDocument>(collection).Indexes.ListAsync();
            return (await indexes.ToListAsync()).Select(index => index["name"].AsString).Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task An_index_that_stands_in_the_way_refuses_the_start_at_once()
    {
        await using var fixture = new MongoDbFixture();
        await fixture.InitializeAsync();
        await fixture.Raw.GetCollection<BsonDocument>("x.events").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                new BsonDocument("other", 1), new CreateIndexOptions { Name = "outbox_by_age" }));
        await using var second = fixture.Build(options => options.CollectionPrefix = "x.");

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Startup(second).WaitAsync(default));

        Assert.Contains("Index", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_whether_the_primary_answers()
    {
        await using var fixture = new MongoDbFixture(ImpatientWithServers, faults: true);
        await fixture.InitializeAsync();
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync()).Status);

        await fixture.Server.StopAsync();
        var (status, description) = await HealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, status);
        Assert.Contains($"127.0.0.1:{fixture.Server.Port}", description, StringComparison.Ordinal);

        fixture.Server.StartAgain();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await HealthAsync()).Status != HealthStatus.Healthy)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);

        async Task<(HealthStatus Status, string Description)> HealthAsync()
        {
            var report = await fixture.Get<HealthCheckService>().CheckHealthAsync();
            var entry = report.Entries[MongoDbHosting.HealthCheckName];
            Assert.Contains("ready", entry.Tags);
            return (entry.Status, entry.Description ?? "");
        }
    }

    private static void ImpatientWithServers(MongoDbOptions options) =>
        options.ServerSelectionTimeout = options.OperationTimeout = TimeSpan.FromMilliseconds(700);

    private static MongoDbStartup Startup(IServiceProvider services) =>
        services.GetServices<ILifecycleParticipant<ISiloLifecycle>>().OfType<MongoDbStartup>().Single();

    private static List<string> Validate(Action<MongoDbOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddMongoDbStorage(configure);
        using var provider = services.BuildServiceProvider();
        try
        {
            _ = provider.GetRequiredService<IOptions<MongoDbOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException failure)
        {
            return [.. failure.Failures];
        }
    }

    /// <summary>A log that tells when its first warning came.</summary>
    private sealed class HeardLog : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Heard => _heard.Task;

        public string Text { get; private set; } = "";

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            Text += formatter(state, exception);
            _heard.TrySetResult();
        }

        public void Dispose()
        {
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>An index that an adapter needs; the start makes all that are registered.</summary>
/// <param name="Collection">The collection, without the prefix.</param>
/// <param name="Name">The index's name, which never changes its meaning.</param>
/// <param name="Keys">Field names and 1 or -1.</param>
internal sealed record MongoDbIndex(string Collection, string Name, BsonDocument Keys)
{
    /// <summary>Leaves out documents that lack the field.</summary>
    public bool IsSparse { get; init; }

    /// <summary>No two documents have the same. A sharded collection's shard key must be a prefix of it.</summary>
    public bool IsUnique { get; init; }
}

/// <summary>
/// The client, the database and its collections. Every write waits until a majority of the servers has it on disk;
/// every read sees only what a majority has, so that nothing which was seen is ever taken back.
/// </summary>
/// <remarks>
/// Retryable writes stay on: the server knows a repeated write by its number and answers what it answered at first. A
/// compatible server without such numbers may answer that the key is there already, or that no document has the old
/// ETag; each adapter says what it makes of that. The client is made at first use.
/// </remarks>
internal sealed class MongoDbDatabase : IDisposable
{
    private readonly MongoDbOptions _options;
    private readonly IReadOnlyList<MongoDbIndex> _indexes;
    private readonly Lazy<(MongoClient Client, IMongoDatabase Database)> _connected;
    private readonly ConcurrentDictionary<(Type, string), object> _collections = new();

    public MongoDbDatabase(IOptions<MongoDbOptions> options, IEnumerable<MongoDbIndex> indexes)
    {
        _options = options.Value;
        _indexes = [.. indexes];
        _connected = new Lazy<(MongoClient, IMongoDatabase)>(Connect);
    }

    /// <summary>The driver's view of the database.</summary>
    public IMongoDatabase Database => _connected.Value.Database;

    /// <summary>Where the servers are, as an operator knows them: hosts and database, and nothing secret.</summary>
    public string Address
    {
        get
        {
            var url = new MongoUrl(_options.ConnectionString);
            return $"{string.Join(",", url.Servers.Select(server => $"{server.Host}:{server.Port}"))}"
                + $"/{_options.Database}";
        }
    }

    /// <summary>A collection, read from the primary.</summary>
    /// <param name="name">Its name, without the prefix.</param>
    public IMongoCollection<T> Collection<T>(string name) => (IMongoCollection<T>)_collections.GetOrAdd(
        (typeof(T), name),
        static (key, database) => database.Database.GetCollection<T>(database._options.CollectionPrefix + key.Item2),
        this);

    /// <summary>The same collection for scans, which secondaries may answer if the options say so.</summary>
    public IMongoCollection<T> ForScans<T>(string name) => _options.ScansFromSecondaries
        ? Collection<T>(name).WithReadPreference(ReadPreference.SecondaryPreferred)
        : Collection<T>(name);

    /// <summary>Asks the primary whether it is there.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => Database.RunCommandAsync<BsonDocument>(
        new BsonDocument("ping", 1), ReadPreference.Primary, cancellationToken);

    /// <summary>Makes the indexes that are missing. Several processes may do so at once, and again.</summary>
    public async Task MakeIndexesAsync(CancellationToken cancellationToken)
    {
        foreach (var indexes in _indexes.GroupBy(index => index.Collection, StringComparer.Ordinal))
        {
            await Collection<BsonDocument>(indexes.Key).Indexes.CreateManyAsync(
                indexes.Select(index => new CreateIndexModel<BsonDocument>(index.Keys, new CreateIndexOptions
                {
                    Name = index.Name,
                    Sparse = index.IsSparse ? true : null,
                    Unique = index.IsUnique ? true : null,
                })),
                cancellationToken);
        }
    }

    /// <summary>
    /// Runs an operation within <see cref="MongoDbOptions.OperationTimeout"/>; an outage gets a name.
    /// </summary>
    /// <param name="kind">What is done, for the metrics: one of a few words.</param>
    /// <param name="operation">What to do.</param>
    /// <param name="cancellationToken">Whether anybody still waits for it.</param>
    /// <exception cref="MongoDbUnavailableException">The outcome is not known.</exception>
    public async Task<T> RunAsync<T>(
        string kind, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.OperationTimeout);
        try
        {
            return await operation(limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(kind, new TimeoutException(null, late));
        }
        catch (Exception failure) when (MongoDbFailures.ConcernsStorage(failure))
        {
            throw Unavailable(kind, failure);
        }
    }

    /// <inheritdoc cref="RunAsync{T}(string, Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task RunAsync(
        string kind, Func<CancellationToken, Task> operation, CancellationToken cancellationToken) =>
        RunAsync(
            kind,
            async limit =>
            {
                await operation(limit);
                return true;
            },
            cancellationToken);

    /// <summary>An outage in a sentence that may be shown to an operator.</summary>
    public string Describe(Exception failure) =>
        $"MongoDB at {Address} is not usable now: {MongoDbFailures.Reason(failure)}.";

    public void Dispose()
    {
        if (_connected.IsValueCreated)
            _connected.Value.Client.Dispose();
    }

    private MongoDbUnavailableException Unavailable(string kind, Exception failure)
    {
        MongoDbMetrics.Storage.WasUnavailable(kind);
        return new MongoDbUnavailableException(Describe(failure), failure);
    }

    private (MongoClient Client, IMongoDatabase Database) Connect()
    {
        var settings = MongoClientSettings.FromUrl(new MongoUrl(_options.ConnectionString));
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
        settings.ReadConcern = ReadConcern.Majority;
        settings.ReadPreference = ReadPreference.Primary;
        settings.MinConnectionPoolSize = _options.ConnectionsMin;
        settings.MaxConnectionPoolSize = _options.ConnectionsMax;
        settings.ConnectTimeout = _options.ConnectTimeout;
        settings.ServerSelectionTimeout = _options.ServerSelectionTimeout;
        settings.ApplicationName ??= "indiimusic";
        var client = new MongoClient(settings);
        return (client, client.GetDatabase(_options.Database));
    }
}

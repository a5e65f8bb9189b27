using IndiiMusic.MongoDbServer;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDbServer;

/// <summary>A server for each test, and a client that writes as the product does.</summary>
public abstract class MongoDbServerTest : IAsyncLifetime, IDisposable
{
    private MongoClient? _client;

    protected MongoDbTestServer Server { get; private set; } = null!;

    protected IMongoDatabase Database { get; private set; } = null!;

    protected IMongoCollection<BsonDocument> Things { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await MongoDbTestServer.StartAsync();
        var settings = MongoClientSettings.FromConnectionString(Server.ConnectionString);
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
        settings.ServerSelectionTimeout = TimeSpan.FromSeconds(5);
        _client = new MongoClient(settings);
        Database = _client.GetDatabase("test");
        Things = Database.GetCollection<BsonDocument>("things");
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task CreateIndex(string keys, bool unique = false, string? name = null) =>
        await Things.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(keys, new CreateIndexOptions { Unique = unique, Name = name }));

    protected async Task<string> Ids(string filter, string sort = "{ _id: 1 }") =>
        string.Join(' ', (await Things.Find(filter).Sort(sort).ToListAsync()).Select(found => found["_id"]));

    protected static BsonDocument[] Parse(params string[] documents) => [.. documents.Select(BsonDocument.Parse)];
}

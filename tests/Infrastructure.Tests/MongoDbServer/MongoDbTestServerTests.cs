using IndiiMusic.MongoDbServer;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDbServer;

/// <summary>What the product's tests take for granted of the server that stands in for mongod.</summary>
public sealed class MongoDbTestServerTests : IAsyncLifetime, IDisposable
{
    private MongoDbTestServer _server = null!;
    private MongoClient _client = null!;
    private IMongoCollection<BsonDocument> _things = null!;

    public async Task InitializeAsync()
    {
        _server = await MongoDbTestServer.StartAsync();
        var settings = MongoClientSettings.FromConnectionString(_server.ConnectionString);
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
        settings.ServerSelectionTimeout = TimeSpan.FromSeconds(5);
        _client = new MongoClient(settings);
        _things = _client.GetDatabase("test").GetCollection<BsonDocument>("things");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task What_is_inserted_is_found_with_its_id_first()
    {
        await _things.InsertManyAsync(Parse("{ name: 'b', _id: 2 }", "{ _id: 1, name: 'a' }"));

        Assert.Equal(
            Parse("{ _id: 1, name: 'a' }", "{ _id: 2, name: 'b' }"), await _things.Find("{}").Sort("{ _id: 1 }").ToListAsync());
        Assert.Equal(2, await _things.CountDocumentsAsync("{}"));
    }

    [Theory]
    [InlineData("{ n: 2 }", "2")]
    [InlineData("{ n: { $ne: 2 } }", "1 3 4 5")]
    [InlineData("{ n: { $gt: 1, $lte: 3 } }", "2 3")]
    [InlineData("{ n: { $in: [1, 3, null] } }", "1 3 4 5")]
    [InlineData("{ n: { $nin: [1, 3] } }", "2 4 5")]
    [InlineData("{ n: { $exists: false } }", "5")]
    [InlineData("{ n: null }", "4 5")]
    [InlineData("{ $or: [{ n: 1 }, { 'in.k': 'y' }] }", "1 2 3")]
    [InlineData("{ $and: [{ n: { $gte: 1 } }, { n: { $lt: 2 } }] }", "1")]
    [InlineData("{ tags: 'x' }", "1 2")]
    [InlineData("{ tags: { $ne: 'x' } }", "3 4 5")]
    [InlineData("{ tags: ['x', 'z'] }", "2")]
    [InlineData("{ 'in.k': 'y' }", "2 3")]
    [InlineData("{ in: { $elemMatch: { k: 'y', v: 1 } } }", "3")]
    [InlineData("{ s: /^ab/ }", "1 2")]
    [InlineData("{ s: { $regex: 'b$', $options: 'i' } }", "1 3")]
    [InlineData("{ s: { $not: /^ab/ } }", "3 4 5")]
    public async Task Filters_match_as_documented(string filter, string expected)
    {
        await _things.InsertManyAsync(Parse(
            "{ _id: 1, n: 1, tags: ['x'], s: 'ab' }",
            "{ _id: 2, n: 2.0, tags: ['x', 'z'], s: 'abc', in: [{ k: 'y' }, { k: 'w', v: 1 }] }",
            "{ _id: 3, n: NumberLong(3), tags: [], s: 'B', in: [{ k: 'y', v: 1 }] }",
            "{ _id: 4, n: null }",
            "{ _id: 5 }"));
        Assert.Equal(expected, await Ids(filter));

        // An index finds the same.
        foreach (var field in new[] { "n", "tags", "in.k", "s" })
            await _things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>($"{{ '{field}': -1 }}"));
        Assert.Equal(expected, await Ids(filter));
    }

    [Fact]
    public async Task A_unique_index_lets_one_of_many_writers_through()
    {
        await CreateIndex("{ owner: 1, name: -1 }", unique: true);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(async n =>
        {
            try
            {
                await _things.InsertOneAsync(new BsonDocument { { "owner", n % 5 }, { "name", "same" } });
                return null;
            }
            catch (MongoWriteException error)
            {
                return error.WriteError;
            }
        }));

        Assert.Equal(5, await _things.CountDocumentsAsync("{}"));
        Assert.Equal(5, outcomes.Count(error => error is null));
        Assert.All(outcomes.OfType<WriteError>(), error => Assert.Equal(ServerErrorCategory.DuplicateKey, error.Category));
        Assert.Contains(outcomes, error => error?.Message.Contains("owner_1_name_-1", StringComparison.Ordinal) == true);
    }

    private async Task CreateIndex(string keys, bool unique = false, string? name = null) =>
        await _things.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(keys, new CreateIndexOptions { Unique = unique, Name = name }));

    private async Task<string> Ids(string filter, string sort = "{ _id: 1 }") =>
        string.Join(' ', (await _things.Find(filter).Sort(sort).ToListAsync()).Select(found => found["_id"]));

    private static BsonDocument[] Parse(params string[] documents) => [.. documents.Select(BsonDocument.Parse)];
}

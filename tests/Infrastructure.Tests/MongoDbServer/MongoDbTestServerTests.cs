using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.Tests.MongoDbServer;

/// <summary>What the product's tests take for granted of the server that stands in for mongod.</summary>
public sealed class MongoDbTestServerTests : MongoDbServerTest
{
    [Fact]
    public async Task What_is_inserted_is_found_with_its_id_first()
    {
        await Things.InsertManyAsync(Parse("{ name: 'b', _id: 2 }", "{ _id: 1, name: 'a' }"));

        Assert.Equal(
            Parse("{ _id: 1, name: 'a' }", "{ _id: 2, name: 'b' }"),
            await Things.Find("{}").Sort("{ _id: 1 }").ToListAsync());
        Assert.Equal(2, await Things.CountDocumentsAsync("{}"));
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
        await Things.InsertManyAsync(Parse(
            "{ _id: 1, n: 1, tags: ['x'], s: 'ab' }",
            "{ _id: 2, n: 2.0, tags: ['x', 'z'], s: 'abc', in: [{ k: 'y' }, { k: 'w', v: 1 }] }",
            "{ _id: 3, n: NumberLong(3), tags: [], s: 'B', in: [{ k: 'y', v: 1 }] }",
            "{ _id: 4, n: null }",
            "{ _id: 5 }"));
        Assert.Equal(expected, await Ids(filter));

        // An index finds the same.
        foreach (var field in new[] { "n", "tags", "in.k", "s" })
            await Things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>($"{{ '{field}': -1 }}"));
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
                await Things.InsertOneAsync(new BsonDocument { { "owner", n % 5 }, { "name", "same" } });
                return null;
            }
            catch (MongoWriteException error)
            {
                return error.WriteError;
            }
        }));

        Assert.Equal(5, await Things.CountDocumentsAsync("{}"));
        Assert.Equal(5, outcomes.Count(error => error is null));
        Assert.All(
            outcomes.OfType<WriteError>(),
            error =>
            {
                Assert.Equal(ServerErrorCategory.DuplicateKey, error.Category);
                Assert.Contains("owner_1_name_-1", error.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public async Task Values_of_all_types_come_in_the_order_of_bson()
    {
        BsonValue[] ascending =
        [
            BsonMinKey.Value, BsonNull.Value, double.NaN, double.NegativeInfinity, long.MinValue, -1.5, -1, 0, 1L,
            1.5, 2,
            (1L << 53) + 1, (1L << 53) + 2, long.MaxValue - 1, long.MaxValue, double.PositiveInfinity,
            "", "A", "a", "a\0", "ab", "é", new BsonDocument(), new BsonDocument("a", 1), new BsonDocument("b", 1),
            new BsonDocument("a", "x"), new BsonBinaryData([2]), new BsonBinaryData([1, 1]), ObjectId.Empty,
            false, true, new BsonDateTime(-1), new BsonDateTime(1), new BsonTimestamp(1), BsonMaxKey.Value,
        ];
        var places = Enumerable.Range(0, ascending.Length).ToArray();
        var shuffled = places.ToArray();
        new Random(1).Shuffle(shuffled);
        await Things.InsertManyAsync(
            shuffled.Select(place => new BsonDocument { { "_id", place }, { "v", ascending[place] } }));

        foreach (var indexed in new[] { false, true })
        {
            if (indexed)
                await CreateIndex("{ v: 1 }");
            Assert.Equal(string.Join(' ', places), await Ids("{}", "{ v: 1 }"));
            Assert.Equal(string.Join(' ', places.Reverse()), await Ids("{}", "{ v: -1 }"));
        }
    }

    [Theory]
    [InlineData("{ $set: { n: 5, 'in.k': 1 } }", "{ _id: 1, n: 5, tags: ['a', 'b'], in: { k: 1 } }")]
    [InlineData("{ $unset: { n: '' } }", "{ _id: 1, tags: ['a', 'b'] }")]
    [InlineData("{ $inc: { n: 2, m: NumberLong(1) } }", "{ _id: 1, n: 3, tags: ['a', 'b'], m: NumberLong(1) }")]
    [InlineData("{ $max: { n: 0 }, $min: { m: 4 } }", "{ _id: 1, n: 1, tags: ['a', 'b'], m: 4 }")]
    [InlineData("{ $setOnInsert: { n: 9 }, $push: { tags: 'a' } }", "{ _id: 1, n: 1, tags: ['a', 'b', 'a'] }")]
    [InlineData("{ $addToSet: { tags: { $each: ['a', 'c'] } } }", "{ _id: 1, n: 1, tags: ['a', 'b', 'c'] }")]
    [InlineData("{ $pull: { tags: { $in: ['a'] } } }", "{ _id: 1, n: 1, tags: ['b'] }")]
    public async Task Updates_change_what_they_say(string update, string expected)
    {
        await Things.InsertOneAsync(BsonDocument.Parse("{ _id: 1, n: 1, tags: ['a', 'b'] }"));

        var result = await Things.UpdateOneAsync("{ _id: 1 }", update);

        Assert.Equal(1, result.MatchedCount);
        Assert.Equal(BsonDocument.Parse(expected), await Things.Find("{}").SingleAsync());
    }

    [Fact]
    public async Task An_upsert_inserts_once_and_then_changes_that()
    {
        var upsert = new FindOneAndUpdateOptions<BsonDocument>
        {
            IsUpsert = true,
            ReturnDocument = ReturnDocument.After,
        };
        const string update = "{ $inc: { n: 1 }, $setOnInsert: { first: true } }";
        await Things.FindOneAndUpdateAsync<BsonDocument>("{ _id: 'x', kind: 'k' }", update, upsert);
        var second = await Things.FindOneAndUpdateAsync<BsonDocument>("{ _id: 'x', kind: 'k' }", update, upsert);
        await Things.ReplaceOneAsync(
            "{ _id: 'y' }", BsonDocument.Parse("{ n: 1 }"), new ReplaceOptions { IsUpsert = true });

        Assert.Equal(BsonDocument.Parse("{ _id: 'x', kind: 'k', n: 2, first: true }"), second);
        Assert.Equal("x y", await Ids("{}"));
    }

    [Fact]
    public async Task Aggregations_group_and_count()
    {
        await Things.InsertManyAsync(Parse(
            "{ _id: 1, tags: ['x', 'y'], n: 1 }", "{ _id: 2, tags: ['x'], n: 5 }", "{ _id: 3, n: 1 }"));

        var groups = await Things.Aggregate<BsonDocument>(PipelineDefinition<BsonDocument, BsonDocument>.Create(
            "{ $match: { n: { $gt: 0 } } }",
            "{ $unwind: '$tags' }",
            "{ $group: { _id: '$tags', count: { $sum: 1 }, least: { $min: '$n' } } }",
            "{ $sort: { count: -1 } }")).ToListAsync();

        Assert.Equal(Parse("{ _id: 'x', count: 2, least: 1 }", "{ _id: 'y', count: 1, least: 1 }"), groups);
    }

    [Fact]
    public async Task A_long_answer_comes_in_several_batches()
    {
        await Things.InsertManyAsync(Enumerable.Range(0, 1_000).Select(n => new BsonDocument("_id", n)));

        var found = await Things.Find("{ _id: { $gte: 100 } }", new FindOptions { BatchSize = 70 })
            .Sort("{ _id: -1 }").Skip(10).Limit(500).Project("{ _id: 1 }").ToListAsync();

        Assert.Equal(Enumerable.Range(490, 500).Reverse(), found.Select(row => row["_id"].AsInt32));
        Assert.Equal(7, Server.Commands["getMore"]);
    }
}

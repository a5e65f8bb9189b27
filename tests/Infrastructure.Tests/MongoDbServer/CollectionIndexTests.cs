using CsCheck;
using IndiiMusic.MongoDbServer;
using IndiiMusic.MongoDbServer.Documents;
using IndiiMusic.MongoDbServer.Storage;
using MongoDB.Bson;

namespace IndiiMusic.Infrastructure.Tests.MongoDbServer;

public sealed class CollectionIndexTests
{
    /// <summary>Whatever an index is used for, it changes how an answer is found and never what it is.</summary>
    [Fact]
    public void Indexes_change_no_answer()
    {
        var name = Gen.OneOf("a", "b", "c");
        var value = Gen.OneOf<BsonValue>(
            Gen.Int[0, 3].Select(n => (BsonValue)n),
            Gen.OneOf<BsonValue>(1.5, 2L, "a", "ab", "b", BsonNull.Value, BsonBoolean.True),
            Gen.Int[0, 3].Array[0, 2].Select(items => (BsonValue)new BsonArray(items)));
        var document = Gen.Dictionary(name, value)[0, 3].Select(ToDocument);
        var condition = Gen.OneOf(
            value,
            Gen.Select(
                Gen.OneOf("$gt", "$gte", "$lt", "$lte", "$ne"),
                value,
                (comparison, bound) => (BsonValue)new BsonDocument(comparison, bound)),
            Gen.Select(value, value, (low, high) => (BsonValue)new BsonDocument { { "$gte", low }, { "$lt", high } }),
            value.Array[0, 3].Select(items => (BsonValue)new BsonDocument("$in", new BsonArray(items))),
            Gen.OneOf<BsonValue>(
                new BsonRegularExpression("^a"),
                BsonDocument.Parse("{ $exists: true }"),
                BsonDocument.Parse("{ $exists: false }")));
        var filter = Gen.Dictionary(name, condition)[0, 3].Select(ToDocument);
        var direction = Gen.OneOf<BsonValue>(1, -1);
        var order = Gen.Dictionary(name, direction)[1, 3].Select(ToDocument);
        var index = Gen.Select(order, Gen.Bool);

        Gen.Select(document.Array[0, 12], Gen.Select(filter, order).Array[8], index.Array[1, 3]).Sample(
            (documents, queries, indexes) =>
            {
                var (plain, indexed) = (new Collection("plain"), new Collection("indexed"));
                for (var i = 0; i < indexes.Length; i++)
                    AddIndex(indexed, $"i{i}", indexes[i].Item1, indexes[i].Item2);
                foreach (var (stored, id) in documents.Select((stored, id) => (stored, id)))
                    TryInsertBoth(plain, indexed, new BsonDocument("_id", id).AddRange(stored).ToBson());
                foreach (var (wanted, sort) in queries)
                {
                    var by = new SortOrder(new BsonDocument(sort).Add("_id", 1));
                    Assert.Equal(Ids(plain, wanted, by), Ids(indexed, wanted, by));
                    Assert.Equal(
                        Ids(plain, wanted, sort: null).Order(), Ids(indexed, wanted, sort: null).Order());
                }
            },
            iter: 1_000);

        static BsonDocument ToDocument(Dictionary<string, BsonValue> fields) => new(fields);
    }

    private static void AddIndex(Collection collection, string name, BsonDocument key, bool sparse) =>
        collection.AddIndex(new CollectionIndex(
            "indexed", new BsonDocument { { "name", name }, { "key", key }, { "sparse", sparse } }));

    private static void TryInsertBoth(Collection plain, Collection indexed, byte[] document)
    {
        try
        {
            indexed.Insert(document);
        }
        catch (CommandException parallelArrays) when (parallelArrays.Code == 171)
        {
            return;
        }

        plain.Insert(document);
    }

    private static List<int> Ids(Collection collection, BsonDocument filter, SortOrder? sort) =>
        collection.Find(FilterReader.Read(filter), sort, 0, 0).ConvertAll(record => record.View["_id"].AsInt32);
}

using IndiiMusic.MongoDbServer.Storage;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>
/// Indexes are made once; the same again changes nothing, and what contradicts an earlier one is refused.
/// </summary>
internal sealed class IndexCommands(Databases databases)
{
    public Reply Create(Request request)
    {
        request.RequireFields("indexes", "commitQuorum");
        var collection = databases.Open(request.Namespace, out var created);
        lock (collection.Gate)
        {
            var before = collection.Indexes.Count;
            foreach (var specification in request.Statements("indexes"))
            {
                var index = new CollectionIndex(collection.Namespace, Checked(specification));
                if (!Exists(collection, index))
                    collection.AddIndex(index);
            }

            var reply = new BsonDocument
            {
                { "numIndexesBefore", before },
                { "numIndexesAfter", collection.Indexes.Count },
                { "createdCollectionAutomatically", created },
                { "ok", 1.0 },
            };
            if (before == collection.Indexes.Count)
                reply.Add("note", "all indexes already exist");
            return new Reply(reply);
        }
    }

    public Reply List(Request request)
    {
        request.RequireFields("cursor");
        var collection = databases.Find(request.Namespace)
            ?? throw new CommandException(26, "NamespaceNotFound", $"ns does not exist: {request.Namespace}");
        lock (collection.Gate)
        {
            var specifications = collection.Indexes.Select(index => index.Specification.ToBson());
            return new Reply(new BsonDocument("ok", 1.0))
            {
                Batch = new Batch("firstBatch", request.Namespace, 0, [.. specifications]),
            };
        }
    }

    /// <summary>
    /// The time to live is kept but nothing expires: the product must not depend on when a server gets to it.
    /// </summary>
    private static BsonDocument Checked(BsonDocument specification)
    {
        foreach (var name in specification.Names)
        {
            if (name is not ("v" or "key" or "name" or "unique" or "sparse" or "background"
                or "expireAfterSeconds"))
            {
                throw new CommandException(
                    197, "InvalidIndexSpecificationOption", $"The index option '{name}' is not known to this server.");
            }
        }

        var index = new BsonDocument { { "v", 2 }, { "key", specification["key"] }, { "name", specification["name"] } };
        if (specification.GetValue("unique", false).ToBoolean())
            index.Add("unique", true);
        if (specification.GetValue("sparse", false).ToBoolean())
            index.Add("sparse", true);
        if (specification.TryGetValue("expireAfterSeconds", out var seconds))
            index.Add("expireAfterSeconds", seconds);
        return index;
    }

    private static bool Exists(Collection collection, CollectionIndex wanted)
    {
        foreach (var index in collection.Indexes)
        {
            var sameKey = index.Pattern.Equals(wanted.Pattern);
            if (index.Name != wanted.Name && !sameKey)
                continue;
            if (index.Name != wanted.Name)
            {
                throw new CommandException(
                    85, "IndexOptionsConflict", $"Index already exists with a different name: {index.Name}");
            }

            if (!sameKey || index.IsUnique != wanted.IsUnique || index.IsSparse != wanted.IsSparse)
            {
                throw new CommandException(
                    86,
                    "IndexKeySpecsConflict",
                    $"An existing index has the same name as the requested index: {wanted.Specification}");
            }

            if (!index.Specification.Equals(wanted.Specification))
            {
                throw new CommandException(
                    85,
                    "IndexOptionsConflict",
                    $"An equivalent index exists with other options: {index.Specification}");
            }

            return true;
        }

        return false;
    }
}

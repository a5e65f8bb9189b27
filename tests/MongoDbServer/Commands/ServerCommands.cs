using IndiiMusic.MongoDbServer.Documents;
using IndiiMusic.MongoDbServer.Storage;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>What the server says of itself, and what concerns whole collections.</summary>
internal sealed class ServerCommands(Databases databases, Func<int> port)
{
    /// <summary>
    /// It presents itself as the primary of a replica set of one, because retryable writes and sessions are for those.
    /// It gives no topologyVersion, so that drivers ask now and then instead of holding a question open.
    /// </summary>
    public Reply Hello(Request request)
    {
        var self = $"127.0.0.1:{port()}";
        return new Reply(new BsonDocument
        {
            { "helloOk", true },
            { request.Name == "hello" ? "isWritablePrimary" : "ismaster", true },
            { "secondary", false },
            { "setName", MongoDbTestServer.ReplicaSet },
            { "setVersion", 1 },
            { "hosts", new BsonArray { self } },
            { "primary", self },
            { "me", self },
            { "maxBsonObjectSize", WriteLimits.DocumentSizeMax },
            { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", WriteLimits.BatchCountMax },
            { "localTime", new BsonDateTime(DateTime.UtcNow) },
            { "logicalSessionTimeoutMinutes", 30 },
            { "minWireVersion", 0 },
            { "maxWireVersion", 21 },
            { "readOnly", false },
            { "ok", 1.0 },
        });
    }

    public static Reply BuildInfo() => new(new BsonDocument
    {
        { "version", "7.0.0" },
        { "versionArray", new BsonArray { 7, 0, 0, 0 } },
        { "gitVersion", "IndiiMusic.MongoDbServer, which is not MongoDB" },
        { "maxBsonObjectSize", WriteLimits.DocumentSizeMax },
        { "ok", 1.0 },
    });

    public Reply ListCollections(Request request)
    {
        request.RequireFields("filter", "nameOnly", "authorizedCollections", "cursor");
        var filter = FilterReader.Read(request.Body.GetValue("filter", new BsonDocument()).AsBsonDocument);
        var found = databases.Names(request.Database)
            .Select(name => new BsonDocument { { "name", name }, { "type", "collection" } })
            .Where(filter.Matches);
        return new Reply(new BsonDocument("ok", 1.0))
        {
            Batch = new Batch(
                "firstBatch", $"{request.Database}.$cmd.listCollections", 0, [.. found.Select(name => name.ToBson())]),
        };
    }

    public Reply Drop(Request request)
    {
        request.RequireFields();
        databases.Drop(request.Namespace);
        return Reply.Ok;
    }

    public Reply DropDatabase(Request request)
    {
        request.RequireFields();
        foreach (var name in databases.Names(request.Database))
            databases.Drop($"{request.Database}.{name}");
        return Reply.Ok;
    }
}

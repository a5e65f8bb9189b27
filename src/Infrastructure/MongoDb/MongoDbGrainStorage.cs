using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Infrastructure.Documents;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// Grain state in MongoDB, one document each, laid out as Orleans.Providers.MongoDB does, so that either reads what the
/// other wrote: a collection <c>Grains&lt;state name&gt;</c>, in it <c>_id</c> (the grain id), <c>_etag</c> and
/// <c>_doc</c>. Shard key: <c>{_id: "hashed"}</c>; every statement names it.
/// </summary>
/// <remarks>
/// <para>
/// An ETag is a fresh UUID, so none fits twice, not even after a clear. A write names the ETag that it replaces, the
/// first write inserts; the server lets exactly one of several through.
/// </para>
/// <para>
/// When the outcome of a write is unknown, the caller gets <c>storage_unavailable</c>, the grain's activation is given
/// up, and the next one reads what there is. Where a server that cannot tell a repeated write refuses the driver's
/// second try because the first took effect, the stored ETag is the one of this very write, and so it succeeded.
/// </para>
/// </remarks>
internal sealed class MongoDbGrainStorage(
    MongoDbDatabase database, StateDocuments documents, IActivatorProvider activators) : IGrainStorage
{
    private const string Kind = "grain_state";
    private const string CollectionPrefix = "Grains";
    private const int DocumentBytesMax = 16 * 1024 * 1024;

    private static readonly char[] TypeNameSeparators = ['.', '+'];
    private static readonly FindOptions<BsonDocument> OnlyETag = new()
    {
        Projection = new BsonDocument("_etag", 1),
        Limit = 1,
    };

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var collection = database.Collection<StoredDocument>(NameOf(stateName));
        var found = await RunAsync(async limit =>
        {
            using var rows = await collection.FindAsync(
                ById(grainId), new FindOptions<StoredDocument> { Limit = 1 }, limit);
            return await rows.FirstOrDefaultAsync(limit);
        });

        if (found is null)
        {
            grainState.ETag = null;
            grainState.RecordExists = false;
            grainState.State = activators.GetActivator<T>().Create();
            return;
        }

        string? etag = null;
        byte[]? document = null;
        for (var fields = found.Elements(); fields.Next();)
        {
            if (fields.Name.SequenceEqual("_etag"u8))
                etag = fields.String;
            else if (fields.Name.SequenceEqual("_doc"u8))
                document = JsonFromBson.Read(fields);
        }

        grainState.State = documents.Read<T>(document ?? throw new InvalidDataException(
            $"State {stateName} of {grainId} has no _doc."));
        grainState.ETag = etag;
        grainState.RecordExists = true;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var etag = grainState.ETag;
        var newETag = Guid.CreateVersion7().ToString();
        var collection = database.Collection<StoredDocument>(NameOf(stateName));
        using var bson = new BsonBuffer();
        WriteDocument(bson, grainId, newETag, documents.Write(grainState.State).Span);
        if (bson.Length > DocumentBytesMax)
        {
            throw new InvalidOperationException(
                $"State {stateName} of {grainId} takes {bson.Length} bytes; a document has up to {DocumentBytesMax}.");
        }

        var stored = new StoredDocument(bson.Written);
        var written = await RunAsync(async limit => etag is null
            ? await TryInsertAsync(collection, stored, limit)
            : (await collection.ReplaceOneAsync(
                ByETag(grainId, etag), stored, cancellationToken: limit)).MatchedCount == 1);
        if (!written && await ReadETagAsync(stateName, grainId) is var present && present != newETag)
            throw Conflict(stateName, grainId, present, etag);

        grainState.ETag = newETag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var etag = grainState.ETag;
        var collection = database.Collection<StoredDocument>(NameOf(stateName));

        // Whoever knows no ETag may clear only what is not there.
        var cleared = etag is null
            ? await ReadETagAsync(stateName, grainId) is null
            : (await RunAsync(limit => collection.DeleteOneAsync(ByETag(grainId, etag), limit))).DeletedCount == 1;
        if (!cleared)
            throw Conflict(stateName, grainId, await ReadETagAsync(stateName, grainId), etag);

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = activators.GetActivator<T>().Create();
    }

    private static string NameOf(string stateName) =>
        CollectionPrefix + stateName[(stateName.LastIndexOfAny(TypeNameSeparators) + 1)..];

    private static BsonDocument ById(GrainId grainId) => new("_id", grainId.ToString());

    private static BsonDocument ByETag(GrainId grainId, string etag) =>
        new() { { "_id", grainId.ToString() }, { "_etag", etag } };

    private static void WriteDocument(BsonBuffer bson, GrainId grainId, string etag, ReadOnlySpan<byte> json)
    {
        var start = bson.Begin();
        bson.String("_id"u8, grainId.ToString());
        bson.String("_etag"u8, etag);
        BsonFromJson.Field(bson, "_doc"u8, json);
        bson.End(start);
    }

    private static async Task<bool> TryInsertAsync(
        IMongoCollection<StoredDocument> collection, StoredDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertOneAsync(document, options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException failure) when (MongoDbFailures.IsDuplicateKey(failure))
        {
            return false;
        }
    }

    private Task<string?> ReadETagAsync(string stateName, GrainId grainId) => RunAsync(async limit =>
    {
        using var rows = await database.Collection<BsonDocument>(NameOf(stateName)).FindAsync(
            ById(grainId), OnlyETag, limit);
        return (await rows.FirstOrDefaultAsync(limit))?["_etag"].AsString;
    });

    private static InconsistentStateException Conflict(
        string stateName, GrainId grainId, string? stored, string? expected)
    {
        MongoDbMetrics.Storage.Conflicted(Kind);
        return new InconsistentStateException(
            $"State {stateName} of {grainId} was changed by another activation.",
            stored ?? "none",
            expected ?? "none");
    }

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation)
    {
        try
        {
            return await database.RunAsync(Kind, operation, CancellationToken.None);
        }
        catch (MongoDbUnavailableException failure)
        {
            throw new IndiiException(
                ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);
        }
    }
}

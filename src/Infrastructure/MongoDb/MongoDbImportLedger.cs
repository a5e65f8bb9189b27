using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Tracks;
using IndiiMusic.Infrastructure.Documents;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// The import ledger in MongoDB, a document per owner and path. Shard key: <c>{_id: "hashed"}</c>, which every call of
/// the importer names; only forgetting a track's files asks all shards.
/// </summary>
internal sealed class MongoDbImportLedger(MongoDbDatabase database) : IImportLedger
{
    private const string Kind = "import_ledger";
    private const string CollectionName = "importedFiles";
    private const string BecameId = "becameId";

    public static IReadOnlyList<MongoDbIndex> Indexes { get; } =
    [
        new(CollectionName, "by_result", new BsonDocument(BecameId, 1)),
    ];

    private IMongoCollection<BsonDocument> Files => database.Collection<BsonDocument>(CollectionName);

    /// <summary>Forgets the files that became a track. The caller says what an outage means.</summary>
    public static Task ForgetAsync(MongoDbDatabase database, Guid becameId, CancellationToken cancellationToken) =>
        database.Collection<BsonDocument>(CollectionName).DeleteManyAsync(
            new BsonDocument(BecameId, becameId.ToString("D")), cancellationToken);

    public async Task<Guid?> FindAsync(Guid? ownerId, ImportedFile file, CancellationToken cancellationToken)
    {
        var found = await FindAsync(ownerId, file.Path, cancellationToken);
        var isSame = found is not null
            && found["sizeBytes"].ToInt64() == file.SizeBytes
            && found["modifiedAt"].AsString == TimeText.Text(file.ModifiedAt);
        return isSame ? Guid.Parse(found![BecameId].AsString) : null;
    }

    public async Task<bool> IsKnownAsync(Guid? ownerId, string path, CancellationToken cancellationToken) =>
        await FindAsync(ownerId, path, cancellationToken) is not null;

    public async Task NoteAsync(
        Guid? ownerId, ImportedFile file, Guid becameId, CancellationToken cancellationToken)
    {
        var document = ById(ownerId, file.Path);
        document.Add("owner", Owner(ownerId));
        document.Add("path", file.Path);
        document.Add("sizeBytes", file.SizeBytes);
        document.Add("modifiedAt", TimeText.Text(file.ModifiedAt));
        document.Add(BecameId, becameId.ToString("D"));
        try
        {
            await database.RunAsync(
                Kind,
                limit => Files.ReplaceOneAsync(
                    ById(ownerId, file.Path), document, new ReplaceOptions { IsUpsert = true }, limit),
                cancellationToken);
        }
        catch (Exception failure)
            when (failure is MongoDbUnavailableException || MongoDbFailures.IsDuplicateKey(failure))
        {
            // The file is merely read again at the next import, or another importer has noted it at this moment.
        }
    }

    private static string Owner(Guid? ownerId) => ownerId?.ToString("D") ?? "";

    /// <summary>The path last, since it may hold anything.</summary>
    private static BsonDocument ById(Guid? ownerId, string path) => new("_id", $"{Owner(ownerId)}:{path}");

    private async Task<BsonDocument?> FindAsync(Guid? ownerId, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await database.RunAsync(
                Kind,
                async limit =>
                {
                    using var rows = await Files.FindAsync(
                        ById(ownerId, path), new FindOptions<BsonDocument> { Limit = 1 }, limit);
                    return await rows.FirstOrDefaultAsync(limit);
                },
                cancellationToken);
        }
        catch (MongoDbUnavailableException failure)
        {
            throw new IndiiException(
                ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);
        }
    }
}

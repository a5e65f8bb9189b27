using IndiiMusic.Grains.EventLog;
using IndiiMusic.Infrastructure.EventLog;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <content>
/// Snapshots: one document each, with its parts in it or, of a large list, in pieces that are written before it and
/// deleted after it.
/// </content>
internal sealed partial class MongoDbEventStore
{
    private const string SnapshotsCollection = "snapshots";
    private const string SnapshotKind = "snapshot";
    private const int ReadTriesMax = 3;

    private IMongoCollection<StoredDocument> Snapshots => _database.Collection<StoredDocument>(SnapshotsCollection);

    private IMongoCollection<BsonDocument> SnapshotHeads => _database.Collection<BsonDocument>(SnapshotsCollection);

    public async Task<EventSnapshot?> ReadSnapshotAsync(
        string stream, long atOrBeforeVersion, CancellationToken cancellationToken)
    {
        if (atOrBeforeVersion < 0)
            return null;
        for (var tries = 1; ; tries++)
        {
            var head = await RunAsync(
                limit => FindSnapshotAsync(stream, atOrBeforeVersion, limit), cancellationToken);
            if (head is null)
                return null;
            var version = VersionOf(head);
            var owner = new MongoDbBodies.Owner(SnapshotKind, stream, version);
            var parts = await RunAsync(limit => _bodies.ReadAsync(head, owner, limit), cancellationToken);
            if (parts is not null)
                return new EventSnapshot(stream, version, parts);

            // It was thinned out after its document had been read, and the next try finds another. One that stays so
            // was damaged; what it holds can be had from an older one and the batches.
            if (tries == ReadTriesMax)
                (atOrBeforeVersion, tries) = (version - 1, 0);
        }
    }

    public async Task WriteSnapshotAsync(EventSnapshot snapshot, CancellationToken cancellationToken)
    {
        EventStoreArguments.Check(snapshot);
        await RunAsync(
            async limit =>
            {
                if (await TryWriteSnapshotAsync(snapshot, limit))
                    await ThinOutAsync(snapshot.Stream, snapshot.Version, limit);
                return true;
            },
            cancellationToken);
    }

    /// <returns>Whether it is new.</returns>
    private async Task<bool> TryWriteSnapshotAsync(EventSnapshot snapshot, CancellationToken cancellationToken)
    {
        var owner = new MongoDbBodies.Owner(SnapshotKind, snapshot.Stream, snapshot.Version);
        using var bson = new BsonBuffer();
        var start = bson.Begin();
        bson.String("_id"u8, BatchFields.IdOf(snapshot.Stream, snapshot.Version));
        bson.String("stream"u8, snapshot.Stream);
        bson.Int64("version"u8, snapshot.Version);
        await _bodies.WriteAsync(bson, owner, snapshot.Parts, cancellationToken);
        bson.End(start);
        try
        {
            await Snapshots.InsertOneAsync(new StoredDocument(bson.Written), options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException failure) when (MongoDbFailures.IsDuplicateKey(failure))
        {
            return false;
        }
    }

    /// <summary>
    /// Deletes what <see cref="SnapshotThinning"/> says, first the documents and then their pieces, and sweeps up
    /// pieces that no document came to own.
    /// </summary>
    private async Task ThinOutAsync(string stream, long newest, CancellationToken cancellationToken)
    {
        var versions = new List<long>();
        using (var rows = await SnapshotHeads.FindAsync(
            BatchFields.Between(stream, 0, long.MaxValue),
            new FindOptions<BsonDocument>
            {
                Sort = new BsonDocument("_id", 1),
                Projection = new BsonDocument("version", 1),
            },
            cancellationToken))
        {
            while (await rows.MoveNextAsync(cancellationToken))
                versions.AddRange(rows.Current.Select(row => row["version"].ToInt64()));
        }

        foreach (var version in SnapshotThinning.Superfluous(versions, _options.SnapshotDensity))
        {
            await SnapshotHeads.DeleteOneAsync(BatchFields.At(stream, version), cancellationToken);
            await _bodies.ForgetAsync(
                new MongoDbBodies.Owner(SnapshotKind, stream, version), write: null, cancellationToken);
        }

        await _bodies.SweepAsync(SnapshotKind, stream, newest, SnapshotHeads, cancellationToken);
        await _bodies.SweepAsync(BatchKind, stream, newest, BatchHeads, cancellationToken);
    }

    private async Task<StoredDocument?> FindSnapshotAsync(
        string stream, long atOrBeforeVersion, CancellationToken cancellationToken)
    {
        using var rows = await Snapshots.FindAsync(
            BatchFields.Between(stream, 0, atOrBeforeVersion),
            new FindOptions<StoredDocument> { Sort = new BsonDocument("_id", -1), Limit = 1 },
            cancellationToken);
        return await rows.FirstOrDefaultAsync(cancellationToken);
    }

    private static long VersionOf(StoredDocument head)
    {
        for (var fields = head.Elements(); fields.Next();)
        {
            if (fields.Name.SequenceEqual("version"u8))
                return fields.Int64;
        }

        throw new InvalidDataException("A snapshot's document has no version.");
    }
}

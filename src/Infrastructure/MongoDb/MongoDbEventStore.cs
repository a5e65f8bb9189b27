using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Infrastructure.Documents;
using IndiiMusic.Infrastructure.EventLog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// The event store in MongoDB. One batch is one document, its outbox entry a field of it, so that one insert makes both
/// or neither. Shard key of all collections: <c>{stream: "hashed"}</c>. A stream then lives on one shard, whose unique
/// index on <c>_id</c> fences it, since the <c>_id</c> of a batch names its stream.
/// </summary>
/// <remarks>
/// <para>
/// How the key fences. The batches of a stream follow each other without gap or overlap: claim 1. Before an insert at
/// version v, the writer knows that a batch ends at v - 1, or v is 1: claim 2, because it wrote or read that batch, or
/// looks it up. Batches are never changed nor deleted, and what it knows was on a majority's disks, so claim 2 stays
/// true however late the insert comes. If the stream ends at v - 1, the insert keeps claim 1. If it does not, then by
/// claim 1 a batch begins at v, and its key refuses the insert. Of two inserts at once one meets the key. So claim 1
/// holds for ever, with no transaction and no lock: it needs only a unique key and that a majority forgets nothing.
/// A writer who stands in the middle of a batch, or behind the end, fails at claim 2.
/// </para>
/// <para>
/// What an activation sees. Reads show only what a majority has, so nothing of it is ever taken back. Yet a primary
/// that lost its office unnoticed, or one that has just come into it, can for a moment show a stream without its newest
/// batches. Who reads a stream to its end therefore ends with a linearizable look at the next key: the server answers
/// it only after a majority has confirmed it as primary, and then every acknowledged batch can be seen. Where a server
/// knows no such reads, an activation may begin with an old state; it can add nothing to that, because its first insert
/// meets the key or finds no majority, and then it reloads.
/// </para>
/// <para>
/// Whatever leaves the outcome open (timeout, lost connection, change of primary, no confirmation by a majority) is
/// unavailability, and the caller reads again what there is. So it does after a conflict, which is why it is safe that
/// a server without retryable writes may answer the driver's second try with the key of the first.
/// </para>
/// </remarks>
internal sealed partial class MongoDbEventStore : IEventStore
{
    private const string Kind = "events";
    private const string BatchKind = "batch";
    private const int BatchesPerRead = 100;
    private const int KnownEndsMax = 50_000;

    private readonly MongoDbDatabase _database;
    private readonly MongoDbOptions _options;
    private readonly MongoDbOutboxMarks _marks;
    private readonly TimeProvider _time;
    private readonly MongoDbBodies _bodies;
    private readonly ILogger<MongoDbEventStore> _logger;

    /// <summary>For some streams, a version that a batch ends at; the newest that this process has met.</summary>
    private readonly ConcurrentDictionary<string, long> _knownEnds = new(StringComparer.Ordinal);

    private volatile bool _confirmsEnds;

    public MongoDbEventStore(
        MongoDbDatabase database,
        IOptions<MongoDbOptions> options,
        MongoDbOutboxMarks marks,
        TimeProvider time,
        ILogger<MongoDbEventStore> logger)
    {
        _database = database;
        _options = options.Value;
        _marks = marks;
        _time = time;
        _bodies = new MongoDbBodies(database, _options, time);
        _logger = logger;
        _confirmsEnds = _options.ConfirmEnds;
    }

    /// <summary>
    /// The outbox's index holds only batches that are in it, and they leave it soon: it stays small.
    /// </summary>
    public static IReadOnlyList<MongoDbIndex> Indexes { get; } =
    [
        new(BatchFields.Collection, "outbox_by_age", new BsonDocument(BatchFields.OutboxSince, 1)) { IsSparse = true },
    ];

    private IMongoCollection<StoredDocument> Batches => _database.Collection<StoredDocument>(BatchFields.Collection);

    private IMongoCollection<BsonDocument> BatchHeads => _database.Collection<BsonDocument>(BatchFields.Collection);

    public async Task AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        EventStoreArguments.Check(batch);
        var start = _time.GetTimestamp();
        if (!await RunAsync(limit => TryAppendAsync(batch, limit), cancellationToken))
        {
            MongoDbMetrics.Storage.Conflicted(Kind);
            throw new EventStoreConflictException(
                $"A batch of {batch.Stream} that begins at version {batch.FirstVersion} does not follow the last one.");
        }

        KnowEnd(batch);
        MongoDbMetrics.Storage.Appended(batch, _time.GetElapsedTime(start));
    }

    public async IAsyncEnumerable<EventBatch> ReadAsync(
        string stream,
        long fromVersion,
        long toVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The batch that holds the first version may begin before it; the key alone does not say where.
        if (fromVersion > 1 && fromVersion <= toVersion)
        {
            await foreach (var batch in ReadBackwardsAsync(stream, fromVersion, 1, cancellationToken))
            {
                if (batch.LastVersion >= fromVersion)
                {
                    yield return batch;
                    fromVersion = batch.LastVersion + 1;
                }
            }
        }

        while (fromVersion <= toVersion)
        {
            var count = 0;
            await foreach (var batch in FindAsync(
                BatchFields.Between(stream, Math.Max(1, fromVersion), toVersion), 1, BatchesPerRead, cancellationToken))
            {
                yield return batch;
                fromVersion = batch.LastVersion + 1;
                count++;
            }

            if (count < BatchesPerRead
                && (toVersion < long.MaxValue || await RunAsync(
                    limit => IsEndAsync(stream, Math.Max(1, fromVersion), limit), cancellationToken)))
            {
                yield break;
            }
        }
    }

    public async IAsyncEnumerable<EventBatch> ReadBackwardsAsync(
        string stream,
        long fromVersion,
        int batchesMax,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (batchesMax > 0 && fromVersion > 0)
        {
            var count = 0;
            var wanted = Math.Min(batchesMax, BatchesPerRead);
            await foreach (var batch in FindAsync(
                BatchFields.Between(stream, 1, fromVersion), -1, wanted, cancellationToken))
            {
                yield return batch;
                fromVersion = batch.FirstVersion - 1;
                count++;
            }

            if (count < wanted)
                yield break;
            batchesMax -= count;
        }
    }

    public ValueTask MarkPublishedAsync(string stream, long firstVersion, CancellationToken cancellationToken)
    {
        _marks.Add(stream, firstVersion);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<EventBatch> ReadUnpublishedAsync(
        DateTimeOffset appendedBefore,
        int batchesMax,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The list is fixed at the start: what gets published while it is read would shift the pages. A secondary may
        // still list what was published just now, and then it is published twice.
        var list = await RunAsync(limit => ListUnpublishedAsync(appendedBefore, batchesMax, limit), cancellationToken);
        foreach (var page in list.Chunk(BatchesPerRead))
        {
            var batches = new Dictionary<string, EventBatch>(StringComparer.Ordinal);
            var filter = new BsonDocument
            {
                { BatchFields.Stream, In(page.Select(item => item.Stream).Distinct(StringComparer.Ordinal)) },
                { "_id", In(page.Select(item => item.Id)) },
            };
            await foreach (var batch in FindAsync(filter, 1, page.Length, cancellationToken))
                batches.Add(BatchFields.IdOf(batch.Stream, batch.FirstVersion), batch);
            foreach (var (_, id, _) in page)
            {
                if (batches.TryGetValue(id, out var batch))
                    yield return batch;
            }
        }
    }

    public Task<OutboxStanding> ReadOutboxAsync(int batchesMax, CancellationToken cancellationToken) =>
        RunAsync(limit => ReadOutboxOnceAsync(batchesMax, limit), cancellationToken);

    /// <returns>False when the batch does not follow what is there.</returns>
    private async Task<bool> TryAppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (!await FollowsAsync(batch, cancellationToken))
            return false;

        using var bson = new BsonBuffer();
        var start = bson.Begin();
        var appendedAt = TimeText.Text(batch.AppendedAt);
        bson.String("_id"u8, BatchFields.IdOf(batch.Stream, batch.FirstVersion));
        bson.String("stream"u8, batch.Stream);
        bson.Int64("firstVersion"u8, batch.FirstVersion);
        bson.Int64("lastVersion"u8, batch.LastVersion);
        bson.String("appendedAt"u8, appendedAt);
        bson.String("outboxSince"u8, appendedAt);
        await _bodies.WriteAsync(bson, OwnerOf(batch.Stream, batch.FirstVersion), [batch.Body], cancellationToken);
        bson.End(start);
        try
        {
            await Batches.InsertOneAsync(new StoredDocument(bson.Written), options: null, cancellationToken);
            return true;
        }
        catch (MongoWriteException failure) when (MongoDbFailures.IsDuplicateKey(failure))
        {
            return false;
        }
    }

    private async ValueTask<bool> FollowsAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var before = batch.FirstVersion - 1;
        if (before == 0 || (_knownEnds.TryGetValue(batch.Stream, out var known) && known == before))
            return true;
        using var rows = await BatchHeads.FindAsync(
            BatchFields.Between(batch.Stream, 1, before),
            new FindOptions<BsonDocument>
            {
                Sort = new BsonDocument("_id", -1),
                Limit = 1,
                Projection = new BsonDocument(BatchFields.LastVersion, 1),
            },
            cancellationToken);
        return await rows.FirstOrDefaultAsync(cancellationToken) is { } last
            && last[BatchFields.LastVersion].ToInt64() == before;
    }

    /// <summary>Whether no batch begins at a version, as a primary says that a majority has just confirmed.</summary>
    private async Task<bool> IsEndAsync(string stream, long version, CancellationToken cancellationToken)
    {
        if (!_confirmsEnds)
            return true;
        try
        {
            using var rows = await BatchHeads.WithReadConcern(ReadConcern.Linearizable).FindAsync(
                BatchFields.At(stream, version),
                new FindOptions<BsonDocument>
                {
                    Limit = 1,
                    Projection = new BsonDocument("_id", 1),
                    MaxTime = _options.OperationTimeout,
                },
                cancellationToken);
            return !await rows.AnyAsync(cancellationToken);
        }
        catch (MongoCommandException failure) when (MongoDbFailures.IsUnsupported(failure))
        {
            _confirmsEnds = false;
            LogNoConfirmation(failure.CodeName);
            return true;
        }
    }

    private async Task<List<(string Stream, string Id, string Since)>> ListUnpublishedAsync(
        DateTimeOffset appendedBefore, int batchesMax, CancellationToken cancellationToken)
    {
        var list = new List<(string Stream, string Id, string Since)>();
        if (batchesMax <= 0)
            return list;
        using var rows = await _database.ForScans<BsonDocument>(BatchFields.Collection).FindAsync(
            new BsonDocument(BatchFields.OutboxSince, new BsonDocument("$lt", TimeText.Text(appendedBefore))),
            new FindOptions<BsonDocument>
            {
                Sort = new BsonDocument(BatchFields.OutboxSince, 1),
                Limit = batchesMax,
                Projection = new BsonDocument { { BatchFields.Stream, 1 }, { BatchFields.OutboxSince, 1 } },
            },
            cancellationToken);
        while (await rows.MoveNextAsync(cancellationToken))
        {
            list.AddRange(rows.Current.Select(row =>
                (row[BatchFields.Stream].AsString, row["_id"].AsString, row[BatchFields.OutboxSince].AsString)));
        }

        // Batches of one moment keep the order of their streams.
        return
        [
            .. list.OrderBy(item => item.Since, StringComparer.Ordinal).ThenBy(item => item.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>The index alone answers this: no document is read.</summary>
    private async Task<OutboxStanding> ReadOutboxOnceAsync(int batchesMax, CancellationToken cancellationToken)
    {
        using var rows = await _database.ForScans<BsonDocument>(BatchFields.Collection).FindAsync(
            new BsonDocument(BatchFields.OutboxSince, new BsonDocument("$gt", "")),
            new FindOptions<BsonDocument>
            {
                Sort = new BsonDocument(BatchFields.OutboxSince, 1),
                Limit = batchesMax,
                Projection = new BsonDocument { { BatchFields.OutboxSince, 1 }, { "_id", 0 } },
            },
            cancellationToken);
        var (count, oldest) = (0, (DateTimeOffset?)null);
        while (await rows.MoveNextAsync(cancellationToken))
        {
            foreach (var row in rows.Current)
            {
                oldest ??= TimeText.Parse(row[BatchFields.OutboxSince].AsString);
                count++;
            }
        }

        return new OutboxStanding(count, oldest);
    }

    /// <summary>Batches as they come from the database, a page of it in memory.</summary>
    private async IAsyncEnumerable<EventBatch> FindAsync(
        BsonDocument filter,
        int direction,
        int batchesMax,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var rows = await RunAsync(
            limit => Batches.FindAsync(
                filter,
                new FindOptions<StoredDocument> { Sort = new BsonDocument("_id", direction), Limit = batchesMax },
                limit),
            cancellationToken);
        while (await RunAsync(rows.MoveNextAsync, cancellationToken))
        {
            foreach (var row in rows.Current)
                yield return await BatchOfAsync(row, cancellationToken);
        }
    }

    private async ValueTask<EventBatch> BatchOfAsync(StoredDocument row, CancellationToken cancellationToken)
    {
        var (stream, appendedAt, firstVersion, lastVersion) = ("", "", 0L, 0L);
        byte[]? body = null;
        for (var fields = row.Elements(); fields.Next();)
        {
            if (fields.Name.SequenceEqual("stream"u8))
                stream = fields.String;
            else if (fields.Name.SequenceEqual("firstVersion"u8))
                firstVersion = fields.Int64;
            else if (fields.Name.SequenceEqual("lastVersion"u8))
                lastVersion = fields.Int64;
            else if (fields.Name.SequenceEqual("appendedAt"u8))
                appendedAt = fields.String;
            else if (fields.Name.SequenceEqual("body"u8))
                body = JsonFromBson.Read(fields);
        }

        var whole = body ?? await ReadPiecesAsync(row, OwnerOf(stream, firstVersion), cancellationToken);
        var count = (int)(lastVersion - firstVersion + 1);
        var batch = new EventBatch(stream, firstVersion, count, TimeText.Parse(appendedAt), whole);
        KnowEnd(batch);
        return batch;
    }

    private async Task<ReadOnlyMemory<byte>> ReadPiecesAsync(
        StoredDocument row, MongoDbBodies.Owner owner, CancellationToken cancellationToken)
    {
        var bodies = await RunAsync(limit => _bodies.ReadAsync(row, owner, limit), cancellationToken);
        return bodies is [var body] ? body : throw new InvalidDataException($"{owner.Id} lacks pieces of its body.");
    }

    private static BsonDocument In(IEnumerable<string> values) => new("$in", new BsonArray(values));

    private static MongoDbBodies.Owner OwnerOf(string stream, long version) => new(BatchKind, stream, version);

    private void KnowEnd(EventBatch batch)
    {
        // Whatever is forgotten costs one more read at the next append.
        if (_knownEnds.Count >= KnownEndsMax)
            _knownEnds.Clear();
        _knownEnds.AddOrUpdate(
            batch.Stream, static (_, end) => end, static (_, known, end) => Math.Max(known, end), batch.LastVersion);
    }

    private async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.RunAsync(Kind, operation, cancellationToken);
        }
        catch (MongoDbUnavailableException failure)
        {
            throw new EventStoreUnavailableException(failure.Message, failure.InnerException);
        }
    }
}

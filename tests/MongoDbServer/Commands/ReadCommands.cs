using System.Collections.Concurrent;
using IndiiMusic.MongoDbServer.Documents;
using IndiiMusic.MongoDbServer.Storage;
using IndiiMusic.MongoDbServer.Wire;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace IndiiMusic.MongoDbServer.Commands;

/// <summary>Finds, counts and aggregations, and the cursors that they leave open.</summary>
internal sealed class ReadCommands(Databases databases)
{
    private const int FirstBatchCount = 101;

    private readonly ConcurrentDictionary<long, Cursor> _cursors = new();
    private long _lastCursorId = 1000;

    public Reply Find(Request request)
    {
        request.RequireFields("filter", "sort", "projection", "skip", "limit", "batchSize", "singleBatch", "hint",
            "allowDiskUse", "noCursorTimeout");
        var body = request.Body;
        var documents = Collect(
            request.Namespace,
            body.GetValue("filter", new BsonDocument()).AsBsonDocument,
            body.GetValue("sort", new BsonDocument()).AsBsonDocument,
            body.GetValue("skip", 0).ToInt32(),
            Math.Abs(body.GetValue("limit", 0).ToInt32()),
            body.GetValue("hint", null!));
        if (body.TryGetValue("projection", out var fields) && fields.AsBsonDocument.ElementCount > 0)
        {
            var projection = new Projection(fields.AsBsonDocument);
            documents = documents.ConvertAll(bytes => projection.Apply(new RawBsonDocument(bytes)).ToBson());
        }

        var single = body.GetValue("singleBatch", false).ToBoolean();
        return Open(request.Namespace, documents, body.GetValue("batchSize", FirstBatchCount).ToInt32(), single);
    }

    public Reply GetMore(Request request)
    {
        request.RequireFields("collection", "batchSize");
        var id = request.Body[0].ToInt64();
        if (!_cursors.TryGetValue(id, out var cursor))
            throw new CommandException(43, "CursorNotFound", $"cursor id {id} not found");
        lock (cursor)
        {
            var batch = cursor.Next(request.Body.GetValue("batchSize", int.MaxValue).ToInt32());
            if (cursor.IsDone)
                _cursors.TryRemove(id, out _);
            return new Reply(new BsonDocument("ok", 1.0))
            {
                Batch = new Batch("nextBatch", cursor.Namespace, cursor.IsDone ? 0 : id, batch),
            };
        }
    }

    public Reply KillCursors(Request request)
    {
        request.RequireFields("cursors");
        var (killed, unknown) = (new BsonArray(), new BsonArray());
        foreach (var id in request.Body["cursors"].AsBsonArray)
            (_cursors.TryRemove(id.ToInt64(), out _) ? killed : unknown).Add(id);
        return new Reply(new BsonDocument
        {
            { "cursorsKilled", killed },
            { "cursorsNotFound", unknown },
            { "cursorsAlive", new BsonArray() },
            { "cursorsUnknown", new BsonArray() },
            { "ok", 1.0 },
        });
    }

    public Reply Count(Request request)
    {
        request.RequireFields("query", "limit", "skip", "hint");
        var body = request.Body;
        var query = body.GetValue("query", new BsonDocument()).AsBsonDocument;
        var limit = Math.Abs(body.GetValue("limit", 0).ToInt32());
        var skip = body.GetValue("skip", 0).ToInt32();
        var count = Collect(request.Namespace, query, [], skip, limit, body.GetValue("hint", null!)).Count;
        return new Reply(new BsonDocument { { "n", count }, { "ok", 1.0 } });
    }

    public Reply Aggregate(Request request)
    {
        request.RequireFields("pipeline", "cursor", "allowDiskUse", "hint");
        var stages = request.Body["pipeline"].AsBsonArray.Select(stage => stage.AsBsonDocument).ToList();

        // A match that comes first is a find, and uses the indexes.
        var filter = stages is [var first, ..] && first.Contains("$match") ? first["$match"].AsBsonDocument : [];
        var rest = stages.Count > 0 && stages[0].Contains("$match") ? stages.Skip(1) : stages;
        var found = Collect(request.Namespace, filter, [], 0, 0, request.Body.GetValue("hint", null!));
        var documents = Pipeline.Run(found.Select(bytes => BsonSerializer.Deserialize<BsonDocument>(bytes)), rest);
        var size = request.Body["cursor"].AsBsonDocument.GetValue("batchSize", FirstBatchCount).ToInt32();
        return Open(request.Namespace, [.. documents.Select(document => document.ToBson())], size, single: false);
    }

    private List<byte[]> Collect(
        string ns, BsonDocument filter, BsonDocument sort, int skip, int limit, BsonValue? hint)
    {
        var parsed = FilterReader.Read(filter);
        var order = sort.ElementCount == 0 ? null : new SortOrder(sort);
        if (hint is not (null or BsonString))
            throw CommandException.BadValue($"A hint is the name of an index here, not {hint}");
        if (databases.Find(ns) is not { } collection)
            return [];
        lock (collection.Gate)
        {
            return collection.Find(parsed, order, skip, limit, (hint as BsonString)?.Value)
                .ConvertAll(record => record.Bytes);
        }
    }

    private Reply Open(string ns, List<byte[]> documents, int batchCount, bool single)
    {
        var cursor = new Cursor(ns, documents);
        var batch = cursor.Next(batchCount);
        var id = single || cursor.IsDone ? 0 : Interlocked.Increment(ref _lastCursorId);
        if (id != 0)
            _cursors[id] = cursor;
        return new Reply(new BsonDocument("ok", 1.0)) { Batch = new Batch("firstBatch", ns, id, batch) };
    }

    private sealed class Cursor(string ns, List<byte[]> documents)
    {
        private int _position;

        public string Namespace => ns;

        public bool IsDone => _position == documents.Count;

        /// <summary>As many documents as asked for, and no more than fit one answer; one always fits.</summary>
        public List<byte[]> Next(int count)
        {
            var batch = new List<byte[]>();
            long size = 0;
            while (!IsDone && batch.Count < count
                && (batch.Count == 0 || size + documents[_position].Length <= WriteLimits.DocumentSizeMax))
            {
                size += documents[_position].Length;
                batch.Add(documents[_position++]);
            }

            return batch;
        }
    }
}

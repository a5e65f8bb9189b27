using IndiiMusic.MongoDbServer.Documents;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Storage;

/// <summary>A collection in memory. Everything here is called with <see cref="Gate"/> held.</summary>
internal sealed class Collection
{
    private readonly LinkedList<Record> _records = [];
    private readonly List<CollectionIndex> _indexes = [];
    private readonly Action _examined;
    private long _lastRecordId;

    /// <param name="ns">database.collection.</param>
    /// <param name="examined">Told of each document that a search looks at.</param>
    public Collection(string ns, Action? examined = null)
    {
        Namespace = ns;
        _examined = examined ?? (static () => { });
        _indexes.Add(new CollectionIndex(ns, new BsonDocument
        {
            { "v", 2 },
            { "key", new BsonDocument("_id", 1) },
            { "name", "_id_" },
        }));
    }

    public Lock Gate { get; } = new();

    public string Namespace { get; }

    public int Count => _records.Count;

    public IReadOnlyList<CollectionIndex> Indexes => _indexes;

    public void Insert(byte[] bytes)
    {
        var record = new Record(++_lastRecordId, bytes);
        var view = record.View;
        foreach (var index in _indexes)
        {
            var keys = index.KeysOf(view);
            index.RequireUnique(keys, view, self: null);
            record.Keys.Add(keys);
        }

        for (var i = 0; i < _indexes.Count; i++)
            _indexes[i].Add(record.Keys[i], record);
        record.Node = _records.AddLast(record);
    }

    public void Replace(Record record, byte[] bytes)
    {
        var view = new RawBsonDocument(bytes);
        var keys = _indexes.ConvertAll(index => index.KeysOf(view));
        for (var i = 0; i < _indexes.Count; i++)
            _indexes[i].RequireUnique(keys[i], view, record);
        for (var i = 0; i < _indexes.Count; i++)
        {
            if (AreSame(record.Keys[i], keys[i]))
                continue;
            _indexes[i].Remove(record.Keys[i], record);
            _indexes[i].Add(keys[i], record);
            record.Keys[i] = keys[i];
        }

        record.Bytes = bytes;
    }

    public void Remove(Record record)
    {
        for (var i = 0; i < _indexes.Count; i++)
            _indexes[i].Remove(record.Keys[i], record);
        _records.Remove(record.Node!);
    }

    /// <summary>The records that match, in the order asked for, as many as asked for.</summary>
    public List<Record> Find(Filter filter, SortOrder? sort, int skip, int limit, string? hint = null)
    {
        var plan = QueryPlan.Choose(_indexes, filter, sort, hint);
        var matching = Scan(plan).Where(record =>
        {
            _examined();
            return filter.Matches(record.View);
        });
        if (sort is not null && !plan.ServesSort)
        {
            matching = matching
                .Select(record => (Key: sort.KeyOf(record.View), Record: record))
                .OrderBy(pair => pair.Key, Comparer<byte[]>.Create(SortOrder.CompareKeys))
                .Select(pair => pair.Record);
        }

        return [.. matching.Skip(skip).Take(limit == 0 ? int.MaxValue : limit)];
    }

    public void AddIndex(CollectionIndex index)
    {
        var keys = new List<byte[][]>(_records.Count);
        foreach (var record in _records)
        {
            var view = record.View;
            keys.Add(index.KeysOf(view));
            index.RequireUnique(keys[^1], view, self: null);
            index.Add(keys[^1], record);
        }

        foreach (var (record, own) in _records.Zip(keys))
            record.Keys.Add(own);
        _indexes.Add(index);
    }

    private static bool AreSame(byte[][] before, byte[][] after) =>
        before.Length == after.Length && before.Zip(after).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private IEnumerable<Record> Scan(QueryPlan plan)
    {
        if (plan.Index is null)
            return _records;
        var found = plan.Ranges.SelectMany(range =>
        {
            var view = plan.Index.Range(range.Low, range.High);
            return plan.Backwards ? view.Reverse() : view;
        }).Select(entry => entry.Record!);
        return plan.Index.IsMultikey ? found.Distinct() : found;
    }
}

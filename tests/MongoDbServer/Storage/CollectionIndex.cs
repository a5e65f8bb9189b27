using System.Buffers;
using IndiiMusic.MongoDbServer.Documents;
using MongoDB.Bson;

namespace IndiiMusic.MongoDbServer.Storage;

/// <summary>One key of one document in an index.</summary>
internal sealed record IndexEntry(byte[] Key, long RecordId, Record? Record);

/// <summary>An index: encoded keys in order, so that a range of them is found without looking at the others.</summary>
internal sealed class CollectionIndex
{
    private static readonly Comparer<IndexEntry> Order = Comparer<IndexEntry>.Create(static (left, right) =>
    {
        var byKey = left.Key.AsSpan().SequenceCompareTo(right.Key);
        return byKey != 0 ? byKey : left.RecordId.CompareTo(right.RecordId);
    });

    private readonly SortedSet<IndexEntry> _entries = new(Order);
    private readonly string _namespace;

    public CollectionIndex(string ns, BsonDocument specification)
    {
        _namespace = ns;
        Specification = specification;
        Name = specification["name"].AsString;
        Pattern = specification["key"].AsBsonDocument;
        IsUnique = Pattern.ElementCount == 1 && Pattern.Contains("_id")
            || specification.GetValue("unique", false).ToBoolean();
        IsSparse = specification.GetValue("sparse", false).ToBoolean();
        Fields = OrderedField.ReadAll(Pattern);
    }

    public BsonDocument Specification { get; }

    public string Name { get; }

    public BsonDocument Pattern { get; }

    public bool IsUnique { get; }

    /// <summary>Whether documents that have none of the fields are left out.</summary>
    public bool IsSparse { get; }

    public OrderedField[] Fields { get; }

    /// <summary>Whether any document ever had several keys here; then an order cannot be read off the index.</summary>
    public bool IsMultikey { get; private set; }

    public byte[][] KeysOf(BsonDocument document)
    {
        if (IsSparse && Fields.All(field => field.Path.Values(document).Count == 0))
            return [];
        var keys = new List<byte[]> { Array.Empty<byte>() };
        foreach (var field in Fields)
        {
            var values = field.Encode(document);
            if (values.Count > 1 && keys.Count > 1)
                throw new CommandException(171, "CannotIndexParallelArrays", $"cannot index parallel arrays in {Name}");
            keys = [.. from key in keys from value in values select Join(key, field, value)];
        }

        return [.. keys];
    }

    /// <summary>Fails where another document has one of these keys and the index is unique.</summary>
    public void RequireUnique(byte[][] keys, BsonDocument document, Record? self)
    {
        if (!IsUnique)
            return;
        foreach (var key in keys)
        {
            if (Range(key, key).Any(entry => entry.Record != self))
                throw CommandException.DuplicateKey(_namespace, Name, Pattern, KeyValue(document));
        }
    }

    public void Add(byte[][] keys, Record record)
    {
        IsMultikey |= keys.Length > 1;
        foreach (var key in keys)
            _entries.Add(new IndexEntry(key, record.Id, record));
    }

    public void Remove(byte[][] keys, Record record)
    {
        foreach (var key in keys)
            _entries.Remove(new IndexEntry(key, record.Id, Record: null));
    }

    /// <summary>The entries between two keys, both included.</summary>
    public SortedSet<IndexEntry> Range(byte[] low, byte[] high) => low.AsSpan().SequenceCompareTo(high) > 0
        ? []
        : _entries.GetViewBetween(
            new IndexEntry(low, long.MinValue, Record: null), new IndexEntry(high, long.MaxValue, Record: null));

    private static byte[] Join(byte[] key, OrderedField field, byte[] value)
    {
        var joined = new ArrayBufferWriter<byte>(key.Length + value.Length);
        joined.Write(key);
        field.Append(joined, value);
        return joined.WrittenSpan.ToArray();
    }

    private BsonDocument KeyValue(BsonDocument document)
    {
        var value = new BsonDocument();
        foreach (var field in Fields)
            value.Add(field.Path.Text, field.Path.Values(document).FirstOrDefault() ?? BsonNull.Value);
        return value;
    }
}

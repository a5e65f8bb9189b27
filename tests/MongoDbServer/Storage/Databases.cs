using System.Collections.Concurrent;

namespace IndiiMusic.MongoDbServer.Storage;

/// <summary>Every collection of every database, by database.collection.</summary>
internal sealed class Databases
{
    private readonly ConcurrentDictionary<string, Collection> _collections = new(StringComparer.Ordinal);
    private long _documentsExamined;

    /// <summary>How many documents searches have looked at, whether they matched or not.</summary>
    public long DocumentsExamined => Interlocked.Read(ref _documentsExamined);

    /// <summary>The collection; null where nothing was ever written to it.</summary>
    public Collection? Find(string ns) => _collections.GetValueOrDefault(ns);

    /// <summary>The collection, made where there is none yet.</summary>
    public Collection Open(string ns, out bool created)
    {
        var made = new Collection(ns, () => Interlocked.Increment(ref _documentsExamined));
        var collection = _collections.GetOrAdd(ns, made);
        created = ReferenceEquals(made, collection);
        return collection;
    }

    public Collection Open(string ns) => Find(ns) ?? Open(ns, out _);

    public bool Drop(string ns) => _collections.TryRemove(ns, out _);

    public IReadOnlyList<string> Names(string database) =>
    [
        .. _collections.Keys
            .Where(ns => ns.StartsWith(database + ".", StringComparison.Ordinal))
            .Select(ns => ns[(database.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];
}

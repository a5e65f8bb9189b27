using System.Collections.Concurrent;

namespace IndiiMusic.MongoDbServer;

/// <summary>How many commands of each name came in, retries and refused ones too.</summary>
public sealed class CommandCounts
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal CommandCounts()
    {
    }

    /// <summary>How many of this name.</summary>
    public long this[string command] => _counts.GetValueOrDefault(command);

    /// <summary>All of them, as they stand.</summary>
    public IReadOnlyDictionary<string, long> Snapshot() =>
        new Dictionary<string, long>(_counts, StringComparer.Ordinal);

    internal void Add(string command) => _counts.AddOrUpdate(command, 1, static (_, count) => count + 1);
}

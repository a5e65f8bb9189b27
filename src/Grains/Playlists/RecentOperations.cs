using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>An operation whose repetition is recognised.</summary>
/// <param name="Hash">Of its user and its id.</param>
/// <param name="Version">The first version that it made.</param>
internal readonly record struct OperationStamp(ulong Hash, long Version);

/// <summary>
/// Knows the last operations of a playlist by a 64-bit hash, and where in the log each stands: the log itself holds the
/// answer. Two generations, so that it never forgets one of the last
/// <see cref="PlaylistLimits.RememberedOperationsMin"/> and never holds more than twice as many.
/// </summary>
internal sealed class RecentOperations
{
    private Dictionary<ulong, long> _newer = [];
    private Dictionary<ulong, long> _older = [];

    /// <summary>The hash by which an operation is known: the first 64 bits of a SHA-256.</summary>
    public static ulong HashOf(Guid user, string operationId)
    {
        Span<byte> bytes = stackalloc byte[16 + (3 * PlaylistLimits.OperationIdCharactersMax)];
        user.TryWriteBytes(bytes);
        var length = 16 + Encoding.UTF8.GetBytes(operationId, bytes[16..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>The first version that an operation made; null when it is not known.</summary>
    public long? Find(ulong hash) =>
        _newer.TryGetValue(hash, out var version) || _older.TryGetValue(hash, out version) ? version : null;

    /// <summary>Remembers an operation.</summary>
    public void Add(OperationStamp stamp)
    {
        if (_newer.Count >= PlaylistLimits.RememberedOperationsMin)
        {
            (_older, _newer) = (_newer, []);
        }

        _newer[stamp.Hash] = stamp.Version;
    }

    /// <summary>Forgets what was decided after a version but never became durable.</summary>
    public void ForgetAfter(long version)
    {
        foreach (var generation in (Dictionary<ulong, long>[])[_newer, _older])
        {
            foreach (var (hash, _) in generation.Where(operation => operation.Value > version).ToList())
            {
                generation.Remove(hash);
            }
        }
    }

    /// <summary>What a snapshot at a version keeps, oldest first.</summary>
    public OperationStamp[] UpTo(long version)
    {
        var stamps = new List<OperationStamp>(_newer.Count + _older.Count);
        foreach (var generation in (Dictionary<ulong, long>[])[_older, _newer])
        {
            foreach (var (hash, at) in generation)
            {
                if (at <= version)
                {
                    stamps.Add(new OperationStamp(hash, at));
                }
            }
        }

        stamps.Sort(static (a, b) => a.Version.CompareTo(b.Version));
        var surplus = Math.Max(0, stamps.Count - PlaylistLimits.RememberedOperationsMin);
        return [.. stamps.Skip(surplus)];
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace IndiiMusic.Infrastructure.Redis;

/// <summary>
/// A script that runs as one atomic step of Redis. It is sent as its hash; only a server that does not know it yet, as
/// after a restart, is sent the text, and then keeps it.
/// </summary>
/// <param name="lua">The text.</param>
public sealed class RedisScript(string lua)
{
    private readonly byte[] _hash = HashOf(lua);

    /// <summary>Runs it.</summary>
    /// <param name="database">Where.</param>
    /// <param name="keys">What it reads and writes; in one slot, where keys are spread over several servers.</param>
    /// <param name="values">Its arguments.</param>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, values).ConfigureAwait(false);
        }
        catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(lua, keys, values).ConfigureAwait(false);
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by their SHA-1.")]
    private static byte[] HashOf(string lua) => SHA1.HashData(Encoding.UTF8.GetBytes(lua));
}

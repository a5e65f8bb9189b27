using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using IndiiMusic.Api.Telemetry;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// Verified tokens by their SHA-256, because a request must not pay for the same signature twice. Bounded by two
/// generations: a full young one becomes the old one, and what is used again moves back.
/// </summary>
internal sealed class AccessTokenCache(IOptions<AccessTokenOptions> options, TimeProvider time)
{
    private readonly int _generationMax = options.Value.CachedMax / 2;
    private readonly Lock _turning = new();
    private Generation _young = new();
    private Generation _old = new();

    /// <summary>The token's principal; null when it is not kept or has expired.</summary>
    public ActorPrincipal? Find(in TokenHash hash)
    {
        var principal = Look(hash);
        CacheMetrics.AccessTokens.Count(isHit: principal is not null);
        return principal;
    }

    /// <summary>Keeps a verified token.</summary>
    public void Add(in TokenHash hash, ActorPrincipal principal)
    {
        var young = Volatile.Read(ref _young);
        if (!young.TryAdd(hash, principal) || young.CountAdded() < _generationMax)
            return;

        lock (_turning)
        {
            if (young != _young)
                return;

            Volatile.Write(ref _old, young);
            Volatile.Write(ref _young, new Generation());
        }
    }

    /// <summary>The hash of a token, of its characters as they lie in memory.</summary>
    public static TokenHash Hash(ReadOnlySpan<char> token)
    {
        TokenHash hash = default;
        SHA256.HashData(MemoryMarshal.AsBytes(token), MemoryMarshal.AsBytes(new Span<TokenHash>(ref hash)));
        return hash;
    }

    private ActorPrincipal? Look(in TokenHash hash)
    {
        if (!Volatile.Read(ref _young).TryGetValue(hash, out var principal))
        {
            if (!Volatile.Read(ref _old).TryGetValue(hash, out principal))
                return null;

            Add(hash, principal);
        }

        return time.GetUtcNow() < principal.KeptUntil ? principal : null;
    }

    /// <summary>A dictionary that counts cheaply: its own Count takes every lock.</summary>
    private sealed class Generation : ConcurrentDictionary<TokenHash, ActorPrincipal>
    {
        private int _added;

        public int CountAdded() => Interlocked.Increment(ref _added);
    }
}

/// <summary>A SHA-256 as a value.</summary>
internal readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Any part of the hash is as good as any other.</summary>
    public override int GetHashCode() => A.GetHashCode();
}

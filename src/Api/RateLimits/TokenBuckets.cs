using System.Collections.Concurrent;

namespace IndiiMusic.Api.RateLimits;

/// <summary>
/// Token buckets by key, each a single number: the time at which the bucket will be full again (the generic cell rate
/// algorithm, ITU-T I.371). Taking a token is one compare-and-swap and allocates nothing for a known key. A bucket that
/// is full again says nothing and is dropped, so that memory follows the keys of the last moments.
/// </summary>
/// <param name="burst">Tokens in a full bucket.</param>
/// <param name="period">The time in which an empty bucket fills.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBuckets(int burst, TimeSpan period, TimeProvider time)
{
    private readonly ConcurrentDictionary<BucketKey, Bucket> _buckets = new();
    private readonly long _fillTicks = Ticks(period, time);
    private readonly long _tokenTicks = Math.Max(1, Ticks(period, time) / burst);

    /// <summary>How many keys are remembered.</summary>
    public int Count => _buckets.Count;

    /// <summary>Takes a token if there is one.</summary>
    public BucketAnswer Take(BucketKey key)
    {
        var bucket = _buckets.GetOrAdd(key, static _ => new Bucket());
        while (true)
        {
            var now = time.GetTimestamp();
            var known = Volatile.Read(ref bucket.FullAt);
            var next = Math.Max(known, now) + _tokenTicks;
            var debt = next - now;
            if (debt > _fillTicks)
                return new BucketAnswer(IsTaken: false, Remaining: 0, time.GetElapsedTime(now, next - _fillTicks));

            if (Interlocked.CompareExchange(ref bucket.FullAt, next, known) == known)
                return new BucketAnswer(IsTaken: true, (int)((_fillTicks - debt) / _tokenTicks), TimeSpan.Zero);
        }
    }

    /// <summary>Puts a token back that was taken.</summary>
    public void GiveBack(BucketKey key)
    {
        // A bucket that was forgotten meanwhile is full.
        if (_buckets.TryGetValue(key, out var bucket))
            Interlocked.Add(ref bucket.FullAt, -_tokenTicks);
    }

    /// <summary>Forgets the buckets that are full again.</summary>
    public void Sweep()
    {
        var now = time.GetTimestamp();
        foreach (var (key, bucket) in _buckets)
        {
            // A token taken between the look and the removal is given back, which harms nobody.
            if (Volatile.Read(ref bucket.FullAt) <= now)
                _buckets.TryRemove(new KeyValuePair<BucketKey, Bucket>(key, bucket));
        }
    }

    /// <summary>
    /// The same buckets under other rules: whoever had taken tokens has taken as many, or all where there are fewer.
    /// </summary>
    public TokenBuckets Under(int newBurst, TimeSpan newPeriod)
    {
        var others = new TokenBuckets(newBurst, newPeriod, time);
        var now = time.GetTimestamp();
        foreach (var (key, bucket) in _buckets)
        {
            var taken = Math.Max(0, Volatile.Read(ref bucket.FullAt) - now) / (double)_tokenTicks;
            if (taken <= 0)
                continue;
            var debt = (long)Math.Min(others._fillTicks, taken * others._tokenTicks);
            others._buckets[key] = new Bucket { FullAt = now + debt };
        }

        return others;
    }

    private static long Ticks(TimeSpan span, TimeProvider time) =>
        (long)(span.TotalSeconds * time.TimestampFrequency);

    private sealed class Bucket
    {
        public long FullAt = long.MinValue;
    }
}

/// <summary>What came of taking a token.</summary>
/// <param name="IsTaken">False when the bucket was empty.</param>
/// <param name="Remaining">Tokens left.</param>
/// <param name="RetryAfter">When it was empty: how long until there is a token.</param>
internal readonly record struct BucketAnswer(bool IsTaken, int Remaining, TimeSpan RetryAfter);

using IndiiMusic.Infrastructure.Redis;
using StackExchange.Redis;

namespace IndiiMusic.Api.RateLimits;

/// <summary>
/// The buckets of <see cref="TokenBuckets"/> in Redis, for all gateways together: the same number for each bucket,
/// taken from in one step of Redis and by its clock, so that those of gateways need not agree. A bucket that is full
/// again expires.
/// </summary>
internal sealed class RedisTokenBuckets(RedisConnection redis)
{
    // A clock that jumped back, as of a replica that took over, must not leave a bucket empty for ever: hence the bound
    // on what is read. Times are microseconds since 1970, which Lua's numbers hold exactly.
    private static readonly RedisScript Script = new("""
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local answer = {}
        for i = 1, #KEYS do
          local fill, token = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
          local full = tonumber(redis.call('GET', KEYS[i]) or '0')
          local nextFull = math.min(math.max(full, now), now + fill) + token
          local debt = nextFull - now
          if debt > fill then
            answer[2 * i - 1] = 0
            answer[2 * i] = debt - fill
            return answer
          end
          redis.call('SET', KEYS[i], nextFull, 'PX', math.ceil(debt / 1000))
          answer[2 * i - 1] = 1
          answer[2 * i] = math.floor((fill - debt) / token)
        end
        return answer
        """);

    /// <summary>
    /// Takes a token from each bucket in turn, and stops at the first that is empty. All in one round trip.
    /// </summary>
    /// <returns>What came of each that was asked; null while Redis is away.</returns>
    public async ValueTask<BucketAnswer[]?> TakeAsync(params BucketClaim[] claims)
    {
        var keys = Array.ConvertAll(claims, claim => redis.Key($"limit:{claim.Budget.Name}:{claim.Name}"));
        var values = new RedisValue[claims.Length * 2];
        for (var i = 0; i < claims.Length; i++)
        {
            values[2 * i] = claims[i].Budget.FillMicroseconds;
            values[(2 * i) + 1] = claims[i].Budget.TokenMicroseconds;
        }

        var answer = await redis.CallAsync(
            "limit", (keys, values), static (database, it) => Script.RunAsync(database, it.keys, it.values));
        return answer.IsAnswered ? Read((long[])answer.Value!) : null;
    }

    private static BucketAnswer[] Read(long[] numbers)
    {
        var answers = new BucketAnswer[numbers.Length / 2];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = numbers[2 * i] == 1
                ? new BucketAnswer(IsTaken: true, (int)numbers[(2 * i) + 1], TimeSpan.Zero)
                : new BucketAnswer(IsTaken: false, 0, TimeSpan.FromMicroseconds(numbers[(2 * i) + 1]));
        }

        return answers;
    }
}

/// <summary>A token that somebody asks for.</summary>
/// <param name="Budget">The kind of bucket.</param>
/// <param name="Key">Whose bucket in this process.</param>
/// <param name="Address">
/// For what is counted on an address as well, that address: where Redis is spread over several servers, buckets that
/// are asked together lie on one.
/// </param>
internal readonly record struct BucketClaim(RateLimitBudget Budget, BucketKey Key, BucketKey? Address = null)
{
    /// <summary>The bucket's name in Redis, with the part in braces that decides on which server it lies.</summary>
    public string Name => Address is { } address ? $"{{{address}}}:{Key}" : $"{{{Key}}}";
}

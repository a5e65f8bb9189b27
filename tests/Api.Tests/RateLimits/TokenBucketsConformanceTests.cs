using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IndiiMusic.Api.Tests.RateLimits;

/// <summary>Buckets of one process.</summary>
public sealed class TokenBucketsConformanceTests : BucketConformance
{
    private readonly FakeTimeProvider _time = new();

    internal override RateLimitBudget Budget(int burst, double perSecond, string name = "test") =>
        new(name, perSecond, burst, _time);

    internal override Task<BucketAnswer[]> TakeAsync(params BucketClaim[] claims)
    {
        var answers = new List<BucketAnswer>();
        foreach (var claim in claims)
        {
            answers.Add(claim.Budget.Buckets.Take(claim.Key));
            if (!answers[^1].IsTaken)
                break;
        }

        return Task.FromResult(answers.ToArray());
    }

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

/// <summary>Buckets of two gateways that take in turn.</summary>
[Collection(RedisCollection.Name)]
[Trait("Server", "Redis")]
public sealed class RedisTokenBucketsConformanceTests(TwoGateways gateways) : BucketConformance
{
    private readonly RedisTokenBuckets[] _buckets =
        [.. gateways.Clients.Select(client => client.GetRequiredService<RedisTokenBuckets>())];

    private int _taken;

    internal override RateLimitBudget Budget(int burst, double perSecond, string name = "test") =>
        new(name, perSecond, burst, TimeProvider.System);

    internal override async Task<BucketAnswer[]> TakeAsync(params BucketClaim[] claims)
    {
        var answers = await _buckets[Interlocked.Increment(ref _taken) % 2].TakeAsync(claims);
        Assert.NotNull(answers);
        return answers;
    }

    // Redis counts by its own clock, which nobody can turn.
    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);
}

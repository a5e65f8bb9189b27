using CsCheck;
using IndiiMusic.Api.RateLimits;

namespace IndiiMusic.Api.Tests.RateLimits;

/// <summary>What token buckets do, wherever they are kept. Each test makes its own keys.</summary>
public abstract class BucketConformance
{
    /// <summary>Takes a token from each of some buckets in turn.</summary>
    internal abstract Task<BucketAnswer[]> TakeAsync(params BucketClaim[] claims);

    /// <summary>Lets time pass.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    /// <summary>A kind of buckets with this burst and rate.</summary>
    internal abstract RateLimitBudget Budget(int burst, double perSecond, string name = "test");

    [Fact]
    public async Task A_full_bucket_gives_its_burst_and_then_nothing()
    {
        var claim = NewClaim(Budget(burst: 10, perSecond: 0.1));

        for (var left = 9; left >= 0; left--)
            Assert.Equal(new BucketAnswer(IsTaken: true, left, TimeSpan.Zero), await TakeOneAsync(claim));

        var refused = await TakeOneAsync(claim);
        Assert.False(refused.IsTaken);
        Assert.InRange(refused.RetryAfter.TotalSeconds, 8, 10);
    }

    [Fact]
    public async Task A_token_comes_back_when_it_was_said_to()
    {
        var claim = NewClaim(Budget(burst: 2, perSecond: 10));
        BucketAnswer refused;
        do
            refused = await TakeOneAsync(claim);
        while (refused.IsTaken);
        await PassAsync(refused.RetryAfter + TimeSpan.FromMilliseconds(1));

        Assert.True((await TakeOneAsync(claim)).IsTaken);
    }

    [Fact]
    public async Task Buckets_do_not_share_tokens()
    {
        var budget = Budget(burst: 1, perSecond: 0.1);
        var other = Budget(burst: 1, perSecond: 0.1, name: "other");
        var claim = NewClaim(budget);

        Assert.True((await TakeOneAsync(claim)).IsTaken);
        Assert.True((await TakeOneAsync(NewClaim(budget))).IsTaken);
        Assert.True((await TakeOneAsync(claim with { Budget = other })).IsTaken);
        Assert.False((await TakeOneAsync(claim)).IsTaken);
    }

    [Fact]
    public async Task Of_two_that_are_asked_the_second_is_left_alone_when_the_first_is_empty()
    {
        var (first, second) = (NewClaim(Budget(1, 0.1)), NewClaim(Budget(3, 0.1, name: "second")));

        var both = await TakeAsync(first, second);
        Assert.Equal([(true, 0), (true, 2)], both.Select(answer => (answer.IsTaken, answer.Remaining)));
        Assert.False(Assert.Single(await TakeAsync(first, second)).IsTaken);

        Assert.Equal(1, (await TakeOneAsync(second)).Remaining);
    }

    [Fact]
    public async Task Many_who_take_at_once_get_the_burst_and_the_rate_and_no_more()
    {
        await Gen.Select(Gen.Int[1, 40], Gen.Int[1, 200]).SampleAsync(
            async (burst, perSecond) =>
            {
                var claim = NewClaim(Budget(burst, perSecond));
                var begun = TimeProvider.System.GetTimestamp();
                var answers = await Task.WhenAll(
                    Enumerable.Range(0, burst * 3).Select(_ => Task.Run(() => TakeOneAsync(claim))));
                var seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;

                Assert.InRange(
                    answers.Count(answer => answer.IsTaken), burst, burst + (seconds * perSecond) + 0.001);
            },
            iter: 20,
            threads: 1);
    }

    internal static BucketClaim NewClaim(RateLimitBudget budget) => new(budget, BucketKey.Of(Guid.CreateVersion7()));

    private async Task<BucketAnswer> TakeOneAsync(BucketClaim claim) => (await TakeAsync(claim))[0];
}

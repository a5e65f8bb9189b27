using CsCheck;
using IndiiMusic.Api.RateLimits;
using Microsoft.Extensions.Time.Testing;

namespace IndiiMusic.Api.Tests.RateLimits;

public sealed class TokenBucketsTests
{
    private static readonly BucketKey Key = BucketKey.Of(Guid.CreateVersion7());

    [Fact]
    public void A_full_bucket_gives_its_burst_and_then_its_rate()
    {
        var time = new FakeTimeProvider();
        var buckets = new TokenBuckets(burst: 10, TimeSpan.FromSeconds(5), time);

        Assert.Equal(Enumerable.Range(0, 10).Reverse(), Enumerable.Range(0, 10).Select(_ => buckets.Take(Key).Remaining));
        var refused = buckets.Take(Key);
        Assert.Equal(new BucketAnswer(IsTaken: false, 0, TimeSpan.FromSeconds(0.5)), refused);

        time.Advance(refused.RetryAfter);
        Assert.True(buckets.Take(Key).IsTaken);
        Assert.False(buckets.Take(Key).IsTaken);
    }

    [Fact]
    public void Buckets_do_not_share_tokens()
    {
        var buckets = new TokenBuckets(burst: 1, TimeSpan.FromSeconds(1), new FakeTimeProvider());

        Assert.True(buckets.Take(Key).IsTaken);
        Assert.True(buckets.Take(BucketKey.Of(Guid.CreateVersion7())).IsTaken);
        Assert.False(buckets.Take(Key).IsTaken);
    }

    [Fact]
    public void Over_any_time_no_more_is_given_than_burst_and_rate_allow()
    {
        Gen.Int[0, 400].Array[1, 200].Sample(pausesMs =>
        {
            var time = new FakeTimeProvider();
            var buckets = new TokenBuckets(burst: 7, TimeSpan.FromSeconds(1), time);
            var taken = 0;
            foreach (var pauseMs in pausesMs)
            {
                time.Advance(TimeSpan.FromMilliseconds(pauseMs));
                while (buckets.Take(Key).IsTaken)
                    taken++;
            }

            // Whoever always takes what there is gets exactly the first burst and the rate since, less a fraction.
            var since = pausesMs.Skip(1).Sum() / 1000.0;
            Assert.InRange(taken, 0, 7 + (since * 7) + 0.001);
        });
    }

    [Fact]
    public void Full_buckets_are_forgotten()
    {
        var time = new FakeTimeProvider();
        var buckets = new TokenBuckets(burst: 2, TimeSpan.FromSeconds(2), time);
        buckets.Take(Key);
        buckets.Sweep();
        Assert.Equal(1, buckets.Count);

        time.Advance(TimeSpan.FromSeconds(1));
        buckets.Sweep();

        Assert.Equal(0, buckets.Count);
    }

    [Fact]
    public void Neighbours_in_one_IPv6_network_share_a_bucket()
    {
        static BucketKey Of(string address) => BucketKey.Of(System.Net.IPAddress.Parse(address));

        Assert.Equal(Of("2001:db8::1"), Of("2001:db8::ffff:2"));
        Assert.NotEqual(Of("2001:db8::1"), Of("2001:db8:0:1::1"));
        Assert.Equal(Of("192.0.2.1"), Of("::ffff:192.0.2.1"));
        Assert.NotEqual(Of("192.0.2.1"), Of("192.0.2.2"));
    }
}

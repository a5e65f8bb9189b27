using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Tests.Auth;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace IndiiMusic.Api.Tests.Redis;

[Collection(RedisCollection.Name)]
[Trait("Server", "Redis")]
public sealed class SharedLimitTests(TwoGateways gateways)
{
    private const int LogInsPerMinute = 20;

    // What a request may take beyond the time that it waits for Redis, on a loaded test machine.
    private static readonly TimeSpan RequestMax = TimeSpan.FromMilliseconds(1_000 + 1_000);

    [Fact]
    public async Task Gateways_count_log_ins_together()
    {
        await gateways.UntilRedisIsAsync("healthy");

        Assert.InRange(await CountLogInsAsync(TestUser.UniqueName()), LogInsPerMinute, LogInsPerMinute + 1);
    }

    [Fact]
    public async Task What_was_refused_together_costs_no_token_of_the_gateway()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var login = TestUser.UniqueName();
        await CountLogInsAsync(login);
        using var client = gateways.CreateClient();
        for (var i = 0; i < LogInsPerMinute; i++)
        {
            using var refused = await LogInAsync(client, login);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3);
            Assert.StartsWith(
                "\"log-in\";r=0;", Assert.Single(refused.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        }

        await gateways.Redis.StopAsync();
        try
        {
            // Half of the budget was taken at each gateway, so each has the other half left.
            Assert.InRange(await CountLogInsAsync(login), LogInsPerMinute - 2, LogInsPerMinute + 6);
        }
        finally
        {
            await gateways.Redis.StartAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_Redis_each_gateway_counts_by_itself_and_nobody_waits(bool isHanging)
    {
        await gateways.UntilRedisIsAsync("healthy");
        var login = TestUser.UniqueName();
        using var client = gateways.CreateClient();
        if (isHanging)
            await gateways.Redis.SignalAsync("STOP");
        else
            await gateways.Redis.StopAsync();
        try
        {
            for (var i = 0; i < 30; i++)
            {
                var since = Stopwatch.StartNew();
                using var answer = await client.GetAsync("/api/v1/genres");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.InRange(since.Elapsed, TimeSpan.Zero, RequestMax);
            }

            // Twice what both allow together: the bound that is left while Redis is away.
            Assert.InRange(await CountLogInsAsync(login), LogInsPerMinute * 2, (LogInsPerMinute * 2) + 4);
            await gateways.UntilRedisIsAsync("degraded");
        }
        finally
        {
            if (isHanging)
                await gateways.Redis.SignalAsync("CONT");
            else
                await gateways.Redis.StartAsync();
        }

        await gateways.UntilRedisIsAsync("healthy");
        Assert.InRange(
            await CountLogInsAsync(TestUser.UniqueName()), LogInsPerMinute, LogInsPerMinute + 1);
    }

    [Fact]
    public async Task A_server_that_forgot_the_script_is_taught_it_again()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var buckets = gateways.Clients[0].GetRequiredService<RedisTokenBuckets>();
        var budget = new RateLimitBudget("forgotten", 1, 5, TimeProvider.System);
        var claim = new BucketClaim(budget, BucketKey.Of(Guid.CreateVersion7()));
        await buckets.TakeAsync(claim);
        await gateways.CallAsync(database => database.ExecuteAsync("SCRIPT", "FLUSH"));

        Assert.Equal(3, (await buckets.TakeAsync(claim))![0].Remaining);
    }

    [Fact]
    public async Task Nothing_is_left_behind_when_a_bucket_is_full_again()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var buckets = gateways.Clients[0].GetRequiredService<RedisTokenBuckets>();
        var budget = new RateLimitBudget("brief", 10, 5, TimeProvider.System);
        var key = BucketKey.Of(Guid.CreateVersion7());
        var name = (RedisKey)$"indiimusic:limit:brief:{{{key}}}";

        await buckets.TakeAsync(new BucketClaim(budget, key));

        var left = await gateways.CallAsync(database => database.KeyTimeToLiveAsync(name));
        Assert.InRange(left!.Value.TotalMilliseconds, 0, 100);
        await TwoGateways.UntilAsync(async () => !await gateways.CallAsync(database => database.KeyExistsAsync(name)));
    }

    [Fact]
    public async Task A_clock_that_went_back_leaves_no_bucket_empty_for_ever()
    {
        await gateways.UntilRedisIsAsync("healthy");
        var buckets = gateways.Clients[0].GetRequiredService<RedisTokenBuckets>();
        var budget = new RateLimitBudget("clock", 10, 5, TimeProvider.System);
        var key = BucketKey.Of(Guid.CreateVersion7());
        var farAhead = (DateTimeOffset.UnixEpoch + TimeSpan.FromDays(40_000)).ToUnixTimeMilliseconds() * 1_000;
        await gateways.CallAsync(database => database.StringSetAsync($"indiimusic:limit:clock:{{{key}}}", farAhead));

        var answer = (await buckets.TakeAsync(new BucketClaim(budget, key)))![0];

        Assert.False(answer.IsTaken);
        Assert.InRange(answer.RetryAfter.TotalMilliseconds, 1, 101);
    }

    /// <summary>Tries at both gateways in turn until both refuse; how many were let through.</summary>
    private async Task<int> CountLogInsAsync(string login)
    {
        using var first = gateways.CreateClient();
        using var second = gateways.CreateSecondClient();
        var (letThrough, refusals) = (0, 0);
        for (var i = 0; refusals < 2; i++)
        {
            using var answer = await LogInAsync(i % 2 == 0 ? first : second, login);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                refusals++;
                continue;
            }

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            (letThrough, refusals) = (letThrough + 1, 0);
        }

        return letThrough;
    }

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string login) =>
        client.PostAsJsonAsync("/api/v1/auth/login", new { login, password = "wrong horse" });
}

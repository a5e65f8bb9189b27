using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.Redis;

public sealed class ProviderTests
{
    [Fact]
    public async Task Words_that_choose_nothing_stop_the_start_all_at_once()
    {
        var lines = await RefusedAsync("--Cache:Provider=Disk", "--RateLimits:Provider=1", "--Sessions:Provider=Reddis");

        Assert.Contains("Cache:Provider is 'Disk'; it may be Memory or Redis.", lines);
        Assert.Contains("RateLimits:Provider is '1'; it may be Memory or Redis.", lines);
        Assert.Contains("Sessions:Provider is 'Reddis'; it may be Memory or Redis.", lines);
    }

    [Theory]
    [InlineData("Cache")]
    [InlineData("RateLimits")]
    [InlineData("Sessions")]
    public async Task Whoever_chooses_Redis_says_where_it_is(string concern)
    {
        Assert.Contains(
            "Redis:ConnectionString is empty; it may be like redis-0:6379,redis-1:6379.",
            await RefusedAsync($"--{concern}:Provider=Redis"));
    }

    [Fact]
    public async Task Without_a_choice_there_is_no_connection()
    {
        var server = new Configured([]);
        await server.InitializeAsync();

        Assert.Null(server.Services.GetService<RedisConnection>());
        await server.DisposeAsync();
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(params string[] settings)
    {
        var server = new Configured(settings);
        try
        {
            return StartFailure.Describe(await Assert.ThrowsAnyAsync<Exception>(server.InitializeAsync));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private sealed class Configured(string[] settings) : StandaloneServer
    {
        protected override string[] Settings => settings;
    }
}

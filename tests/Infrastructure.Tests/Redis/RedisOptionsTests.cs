using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.Tests.Redis;

public sealed class RedisOptionsTests
{
    [Theory]
    [InlineData("ConnectionString", "", "Redis:ConnectionString is empty; it may be like redis-0:6379,redis-1:6379.")]
    [InlineData("ConnectionString", "h:1,nonsense=1,password=hunter2", "Redis:ConnectionString cannot be read")]
    [InlineData("ConnectionString", "h:99999999999,password=hunter2", "Redis:ConnectionString")]
    [InlineData("ConnectionString", "password=hunter2", "Redis:ConnectionString names no server")]
    [InlineData("User", "indii", "Redis:Password is empty; Redis:User needs one.")]
    [InlineData("DeafAfter", "00:00:00.400", "Redis:DeafAfter is 00:00:00.4000000; it may be twice")]
    [InlineData("CommandTimeout", "00:00:00", "CommandTimeout")]
    [InlineData("KeyPrefix", "a b", "KeyPrefix")]
    public void What_is_wrong_is_told_by_key_and_without_the_password(string key, string value, string expected)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Read((key, value)));

        Assert.Contains(failure.Failures, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_enough() => Assert.Equal("indiimusic:", Read().KeyPrefix);

    [Fact]
    public void Asked_for_twice_there_is_one_connection()
    {
        var services = new ServiceCollection().AddRedisConnection();
        var count = services.Count;

        services.AddRedisConnection();

        Assert.Equal(count, services.Count);
    }

    private static RedisOptions Read(params (string Key, string Value)[] settings)
    {
        using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([new("Redis:ConnectionString", "redis:6379")])
                .AddInMemoryCollection(settings.Select(
                    setting => new KeyValuePair<string, string?>($"Redis:{setting.Key}", setting.Value)))
                .Build())
            .AddLogging()
            .AddRedisConnection()
            .BuildServiceProvider();
        return provider.GetRequiredService<IOptions<RedisOptions>>().Value;
    }
}

using IndiiMusic.Api.Tests.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Tests.Proxies;

public sealed class ProxyTests
{
    private const string Forwarded = "X-Forwarded-For";

    private sealed class Behind(params string[] proxies) : StandaloneServer
    {
        protected override string[] Settings =>
        [
            "--RateLimits:AnonymousPerSecond=1", "--RateLimits:AnonymousBurst=1000",
            .. proxies.Select((proxy, at) => $"--Proxies:Trusted:{at}={proxy}"),
        ];
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task Callers_behind_a_trusted_proxy_have_budgets_of_their_own(string proxy)
    {
        Assert.Equal("new new known", await CallersAsync(
            new Behind("10.0.0.0/8", proxy), "198.51.100.1", "198.51.100.2", "198.51.100.1"));
    }

    [Fact]
    public async Task Of_several_proxies_in_a_row_the_first_address_that_is_not_theirs_counts()
    {
        Assert.Equal("new known new", await CallersAsync(
            new Behind("127.0.0.1", "10.0.0.0/8"),
            "198.51.100.1, 10.1.1.1",
            "203.0.113.9, 198.51.100.1, 10.2.2.2",
            "198.51.100.2, 10.1.1.1"));
    }

    [Theory]
    [InlineData]
    [InlineData("10.0.0.0/8")]
    public async Task What_others_say_of_themselves_is_not_believed(params string[] proxies)
    {
        Assert.Equal("new known", await CallersAsync(new Behind(proxies), "198.51.100.1", "198.51.100.2"));
    }

    [Fact]
    public async Task What_is_no_network_stops_the_start_and_all_of_it_is_named()
    {
        var server = new Behind("10.0.0.0/33", "proxy.example.org");

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(server.InitializeAsync);

        Assert.Collection(
            refused.Failures,
            failure => Assert.StartsWith("Proxies:Trusted holds '10.0.0.0/33'", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("Proxies:Trusted holds 'proxy.ex", failure, StringComparison.Ordinal));
        await server.DisposeAsync();
    }

    /// <summary>
    /// Which of these were counted on a full budget. Each sends many requests, so that what comes back in the meantime
    /// on a slow machine makes no difference.
    /// </summary>
    private static async Task<string> CallersAsync(StandaloneServer server, params string[] forwarded)
    {
        await server.InitializeAsync();
        using var client = server.CreateClient();
        var callers = new List<string>();
        foreach (var value in forwarded)
        {
            callers.Add(await StandingAsync(client, value) == "\"anonymous\";r=999;t=1" ? "new" : "known");
            for (var i = 0; i < 100; i++)
                await StandingAsync(client, value);
        }

        await server.DisposeAsync();
        return string.Join(' ', callers);
    }

    private static async Task<string> StandingAsync(HttpClient client, string forwarded)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/genres");
        request.Headers.Add(Forwarded, forwarded);
        using var answer = await client.SendAsync(request);
        return Assert.Single(answer.Headers.GetValues("RateLimit"));
    }
}

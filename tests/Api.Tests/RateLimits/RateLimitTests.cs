using System.Net;
using System.Net.Http.Json;
using IndiiMusic.Api.Tests.Errors;
using IndiiMusic.Api.Tests.Hosting;

namespace IndiiMusic.Api.Tests.RateLimits;

public sealed class RateLimitTests
{
    private sealed class Strict : StandaloneServer
    {
        protected override string[] Settings =>
        [
            "--RateLimits:AnonymousPerSecond=1", "--RateLimits:AnonymousBurst=5",
            "--RateLimits:LogInsPerMinute=2",
        ];
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_again()
    {
        var server = new Strict();
        await server.InitializeAsync();
        using var client = server.CreateClient();

        using var first = await client.GetAsync("/api/v1/genres");
        Assert.Equal("\"anonymous\";q=5;w=5", Assert.Single(first.Headers.GetValues("RateLimit-Policy")));
        Assert.Equal("\"anonymous\";r=4;t=1", Assert.Single(first.Headers.GetValues("RateLimit")));

        HttpResponseMessage answer;
        do
            answer = await client.GetAsync("/api/v1/nowhere");
        while (answer.StatusCode == HttpStatusCode.NotFound);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("rate_limited", (await answer.ProblemAsync()).GetProperty("code").GetString());
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("\"anonymous\";r=0;t=5", Assert.Single(answer.Headers.GetValues("RateLimit")));
        using var health = await client.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Guessing_passwords_is_slow()
    {
        var server = new Strict();
        await server.InitializeAsync();
        using var client = server.CreateClient();

        var codes = new List<string?>();
        foreach (var login in (string[])["eve", "EVE ", "eve", "mallory"])
        {
            using var answer = await client.PostAsJsonAsync(
                "/api/v1/auth/login", new { login, password = "correct horse battery" });
            codes.Add((await answer.ProblemAsync()).GetProperty("code").GetString());
        }

        Assert.Equal(["invalid_credentials", "invalid_credentials", "rate_limited", "invalid_credentials"], codes);
        await server.DisposeAsync();
    }
}

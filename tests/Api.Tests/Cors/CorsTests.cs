using System.Net;
using IndiiMusic.Api.Tests.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Tests.Cors;

public sealed class CorsTests(CorsTests.Open open) : IClassFixture<CorsTests.Open>
{
    public sealed class Open : StandaloneServer
    {
        protected override string[] Settings => ["--Cors:Origins:0=https://app.example.org"];
    }

    private sealed class Wrong : StandaloneServer
    {
        protected override string[] Settings => ["--Cors:Origins:0=*", "--Cors:Origins:1=https://a.example.org/path"];
    }

    [Theory]
    [InlineData("https://app.example.org", true)]
    [InlineData("https://evil.example.org", false)]
    public async Task Only_configured_origins_may_call(string origin, bool isAllowed)
    {
        using var client = open.CreateClient();
        var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/playlists");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,idempotency-key");

        using var answer = await client.SendAsync(preflight);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(isAllowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Errors_too_can_be_read_by_pages()
    {
        using var client = open.CreateClient();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        request.Headers.Add("Origin", "https://app.example.org");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            "https://app.example.org", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Credentials")));
    }

    [Fact]
    public async Task What_is_no_origin_stops_the_start_and_all_of_it_is_named()
    {
        var server = new Wrong();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(server.InitializeAsync);

        Assert.Equal(2, refused.Failures.Count());
        await server.DisposeAsync();
    }
}

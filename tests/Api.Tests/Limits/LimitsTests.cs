using System.Net;
using System.Net.Http.Json;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Tests.Errors;
using IndiiMusic.Api.Tests.Hosting;
using Microsoft.AspNetCore.Builder;

namespace IndiiMusic.Api.Tests.Limits;

public sealed class LimitsTests(LimitsTests.Server server) : IClassFixture<LimitsTests.Server>
{
    public sealed class Server : StandaloneServer
    {
        protected override string[] Settings => ["--Limits:RequestBodyBytesMax=2048", "--Limits:RequestTimeMax=00:00:01"];

        protected override void Map(WebApplication app)
        {
            var api = app.MapApiGroup().AdmitsAnybody();
            api.MapPost("/test/echo", (Body body) => body);
            api.MapGet("/test/slow", (CancellationToken cancellationToken) =>
                Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        }
    }

    public sealed record Body(string Text);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused(bool isKeyed)
    {
        using var client = server.CreateClient();
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/test/echo")
        {
            Content = JsonContent.Create(new Body(new string('x', 3000))),
        };
        if (isKeyed)
            request.Headers.Add("Idempotency-Key", "1");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("payload_too_large", (await answer.ProblemAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_told_so()
    {
        using var client = server.CreateClient();

        using var answer = await client.GetAsync("/api/v1/test/slow");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("timeout", (await answer.ProblemAsync()).GetProperty("code").GetString());
    }
}

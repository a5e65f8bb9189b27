using System.Net;
using System.Text;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Tests.Errors;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Idempotency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IndiiMusic.Api.Tests.Idempotency;

public sealed class IdempotencyTests(IdempotencyTests.Server server) : IClassFixture<IdempotencyTests.Server>
{
    public sealed class Server : StandaloneServer
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void Map(WebApplication app)
        {
            var api = app.MapApiGroup().AdmitsAnybody();
            api.MapPost("/test/count", (Body body, HttpContext context) =>
            {
                context.Response.Headers.ETag = "\"7\"";
                return Results.Created("/somewhere", new { body.Name, call = Interlocked.Increment(ref _calls) });
            });
            api.MapPost("/test/fail/{code}", (ErrorCode code) =>
            {
                Interlocked.Increment(ref _calls);
                throw new IndiiException(code, "So it is.");
            });
            api.MapPost("/test/long", () => new string('x', IdempotencyLimits.BodyBytesMax)
                + Interlocked.Increment(ref _calls));
            api.MapPost("/test/wait", async () =>
            {
                Arrived.TrySetResult();
                await Gate.Task;
            });
        }
    }

    public sealed record Body(string Name);

    [Fact]
    public async Task The_same_request_again_gets_the_first_answer()
    {
        using var client = server.CreateClient();
        var key = NewKey();

        using var first = await SendAsync(client, "/test/count", key, """{"name":"a"}""");
        using var again = await SendAsync(client, "/test/count", key, """{"name":"a"}""");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused()
    {
        using var client = server.CreateClient();
        var key = NewKey();
        using var first = await SendAsync(client, "/test/count", key, """{"name":"a"}""");

        using var other = await SendAsync(client, "/test/count", key, """{"name":"b"}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal("idempotency_key_reused", (await other.ProblemAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_request_in_the_works_is_not_started_twice()
    {
        using var client = server.CreateClient();
        var key = NewKey();
        var first = SendAsync(client, "/test/wait", key, "");
        await server.Arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

        using var second = await SendAsync(client, "/test/wait", key, "");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("request_in_progress", (await second.ProblemAsync()).GetProperty("code").GetString());
        Assert.NotNull(second.Headers.RetryAfter);
        server.Gate.SetResult();
        using var answer = await first;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(ErrorCode.Conflict, 1)]
    [InlineData(ErrorCode.LimitExceeded, 1)]
    [InlineData(ErrorCode.StorageUnavailable, 2)]
    [InlineData(ErrorCode.Internal, 2)]
    public async Task Refusals_are_kept_and_outages_are_not(ErrorCode code, int calls)
    {
        using var client = server.CreateClient();
        var key = NewKey();
        var before = server.Calls;

        using var first = await SendAsync(client, $"/test/fail/{code}", key, "");
        using var again = await SendAsync(client, $"/test/fail/{code}", key, "");

        Assert.Equal(calls, server.Calls - before);
        Assert.Equal(first.StatusCode, again.StatusCode);
        Assert.Equal(
            IndiiException.WireName(code), (await again.ProblemAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_answer_too_long_to_keep_is_sent_whole()
    {
        using var client = server.CreateClient();
        var key = NewKey();

        using var first = await SendAsync(client, "/test/long", key, "");
        using var again = await SendAsync(client, "/test/long", key, "");

        Assert.True((await first.Content.ReadAsStringAsync()).Length > IdempotencyLimits.BodyBytesMax);
        Assert.NotEqual(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("a key with spaces")]
    [InlineData("")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        using var client = server.CreateClient();

        using var answer = await SendAsync(client, "/test/count", key, """{"name":"a"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.ProblemAsync()).GetProperty("errors");
        Assert.True(errors.TryGetProperty("Idempotency-Key", out _));
    }

    [Fact]
    public async Task A_bad_body_is_told_of_as_without_a_key()
    {
        using var client = server.CreateClient();

        using var answer = await SendAsync(client, "/test/count", NewKey(), """{"name":7}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_request", (await answer.ProblemAsync()).GetProperty("code").GetString());
    }

    private static string NewKey() => Guid.CreateVersion7().ToString();

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string key, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1" + path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return client.SendAsync(request);
    }
}

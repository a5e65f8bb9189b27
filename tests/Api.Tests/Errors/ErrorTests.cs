using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Errors;
using IndiiMusic.Api.Tests.Hosting;
using IndiiMusic.Grains.EventLog;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Builder;

namespace IndiiMusic.Api.Tests.Errors;

public sealed class ErrorTests(ErrorTests.Server server) : IClassFixture<ErrorTests.Server>
{
    public sealed class Server : StandaloneServer
    {
        protected override void Map(WebApplication app)
        {
            var api = app.MapApiGroup().AdmitsAnybody();
            api.MapGet("/test/throw/{kind}", string (string kind) => throw Of(kind));
            api.MapPost("/test/body", (Body body) => body);
            api.MapGet("/test/number", (int number) => number);
        }

        private static Exception Of(string kind) => kind switch
        {
            "store" => new OrleansException("x", new EventStoreUnavailableException("the secret path /var/x")),
            "conflict" => new EventStoreConflictException("x"),
            "orleans" => new SiloUnavailableException("10.0.0.1 is gone"),
            "timeout" => new TimeoutException("grain x"),
            "defect" => new InvalidOperationException("the secret"),
            _ => new IndiiException(Enum.Parse<ErrorCode>(kind), "What happened."),
        };
    }

    public enum Colour
    {
        DarkRed,
        Blue,
    }

    public sealed record Body(string Name, Colour Colour, int? Count, Inner? Inner = null);

    public sealed record Inner(int Depth);

    public static TheoryData<ErrorCode> Codes => [.. Enum.GetValues<ErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_becomes_a_problem_with_its_status(ErrorCode code)
    {
        using var client = server.CreateClient();

        using var answer = await client.GetAsync($"/api/v1/test/throw/{code}");

        var problem = await answer.ProblemAsync();
        Assert.Equal(ProblemKinds.Of(code).Status, (int)answer.StatusCode);
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.Equal(IndiiException.WireName(code), problem.GetProperty("code").GetString());
        Assert.Equal("What happened.", problem.GetProperty("detail").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString()!);
        Assert.Equal("urn:indiimusic:problem:" + IndiiException.WireName(code), problem.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_problem_belongs_to_the_callers_trace()
    {
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

        using var answer = await client.GetAsync("/api/v1/test/throw/NotFound");

        var problem = await answer.ProblemAsync();
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", problem.GetProperty("traceId").GetString());
    }

    [Theory]
    [InlineData("store", 503, "storage_unavailable")]
    [InlineData("conflict", 503, "write_conflict")]
    [InlineData("orleans", 503, "dependency_unavailable")]
    [InlineData("timeout", 504, "timeout")]
    [InlineData("defect", 500, "internal")]
    public async Task Exceptions_of_ours_tell_no_secrets(string kind, int status, string code)
    {
        using var client = server.CreateClient();

        using var answer = await client.GetAsync($"/api/v1/test/throw/{kind}");

        var problem = await answer.ProblemAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(status == 500, answer.Headers.RetryAfter is null);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nowhere", 404, "not_found")]
    [InlineData("GET", "/nowhere", 404, "not_found")]
    [InlineData("DELETE", "/api/v1/test/body", 405, "invalid_request")]
    [InlineData("GET", "/api/v1/test/number?number=x", 400, "invalid_request")]
    [InlineData("GET", "/api/v1/test/number", 400, "invalid_request")]
    public async Task What_the_framework_refuses_has_the_same_form(string method, string path, int status, string code)
    {
        using var client = server.CreateClient();

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, (await answer.ProblemAsync()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("""{"name":"a","colour": """, "colour", "It is not valid JSON at line 1")]
    [InlineData("""{"name":"a","colour":"green"}""", "colour", "It may be one of blue, darkRed.")]
    [InlineData("""{"name":"a","colour":0}""", "colour", "It may be one of blue, darkRed.")]
    [InlineData("""{"name":7,"colour":"blue"}""", "name", "It is not a value of the kind that belongs here.")]
    [InlineData("""{"name":null,"colour":"blue"}""", "name", "It may not be null.")]
    [InlineData("""{"colour":"blue"}""", "", "It lacks name.")]
    [InlineData("""{"name":"a","colour":"blue","nmae":"b"}""", "nmae", "It is not known here.")]
    [InlineData("""{"name":"a","name":"b","colour":"blue"}""", "name", "It occurs twice.")]
    [InlineData("""{"name":"a","colour":"blue","inner":{"depth":"x"}}""", "inner.depth", "It is not a value of")]
    public async Task A_bad_body_is_told_field_by_field(string body, string field, string problem)
    {
        using var client = server.CreateClient();

        using var answer = await client.PostAsync(
            "/api/v1/test/body", new StringContent(body, Encoding.UTF8, "application/json"));

        var document = await answer.ProblemAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_request", document.GetProperty("code").GetString());
        var problems = document.GetProperty("errors").GetProperty(field);
        Assert.Contains(problem, problems[0].GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("IndiiMusic", document.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_type_is_unsupported()
    {
        using var client = server.CreateClient();

        using var answer = await client.PostAsync("/api/v1/test/body", new StringContent("name=a"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("unsupported_media", (await answer.ProblemAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_nullable_member_may_be_left_out()
    {
        using var client = server.CreateClient();

        using var answer = await client.PostAsJsonAsync("/api/v1/test/body", new { name = "a", colour = "darkRed" });

        Assert.Equal("""{"name":"a","colour":"darkRed","count":null,"inner":null}""", await answer.Content.ReadAsStringAsync());
    }
}

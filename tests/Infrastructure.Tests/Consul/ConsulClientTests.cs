using System.Net;
using System.Text;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Infrastructure.Tests.Consul;

/// <summary>What the client does when Consul does not do as asked; a server in this process plays the part.</summary>
public sealed class ConsulClientTests : IAsyncLifetime
{
    private const string Token = "b1gs33cr3t-0000";

    private readonly List<string> _requests = [];
    private readonly Queue<Func<HttpContext, Task>> _answers = new();
    private WebApplication _server = null!;
    private ConsulClient _client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context =>
        {
            lock (_requests)
            {
                _requests.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
                Assert.Equal(Token, context.Request.Headers["X-Consul-Token"]);
                return _answers.Dequeue()(context);
            }
        });
        await _server.StartAsync();
        _client = ConsulParts.Client(new ConsulOptions
        {
            Address = new Uri(_server.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.Single()),
            Token = Token,
            Datacenter = "dc 2",
            RequestTimeout = TimeSpan.FromMilliseconds(500),
            WatchDuration = TimeSpan.FromSeconds(1),
        });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 7, 7)]
    [InlineData(7, 7, 7)]
    [InlineData(7, 9, 9)]
    [InlineData(7, 6, 0)]
    [InlineData(7, 0, 0)]
    public void An_index_that_went_back_begins_anew(ulong previous, ulong answered, ulong next) =>
        Assert.Equal(next, ConsulClient.NextIndex(previous, answered));

    [Fact]
    public async Task A_read_is_tried_again()
    {
        _answers.Enqueue(Fail(500, "No cluster leader"));
        _answers.Enqueue(Fail(429, "rate limit"));
        _answers.Enqueue(Answer("""[{"Key":"a/b","Value":"aGk=","ModifyIndex":5}]"""));

        var read = await _client.ReadTreeAsync("a/", CancellationToken.None);

        Assert.Equal(("a/b", "hi", 5UL), (read[0].Key, Encoding.UTF8.GetString(read[0].Value!), read[0].ModifyIndex));
        Assert.Equal(Enumerable.Repeat("GET /v1/kv/a/?recurse=true&dc=dc%202", 3), _requests);
    }

    [Fact]
    public async Task A_read_is_not_tried_for_ever()
    {
        for (var i = 0; i < 3; i++)
            _answers.Enqueue(Fail(500, "No cluster leader"));

        var failure = await Assert.ThrowsAsync<ConsulException>(
            () => _client.ReadTreeAsync("a/", CancellationToken.None));

        Assert.Contains("500: No cluster leader", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, _requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_outcome_is_unknown_is_not_tried_again(bool isCut)
    {
        _answers.Enqueue(isCut ? Cut : Fail(500, "leadership lost while committing log"));

        var failure = await Assert.ThrowsAsync<ConsulException>(() => _client.TransactAsync(
            [ConsulStep.SetIfUnchanged("a", [1], 5)], CancellationToken.None));

        Assert.False(failure.NotSent);
        Assert.Single(_requests);
    }

    [Fact]
    public async Task A_transaction_is_lost_only_when_all_that_is_wrong_is_stale()
    {
        _answers.Enqueue(Conflict("""{"OpIndex":0,"What":"failed to set key \"a\", index is stale"}"""));
        _answers.Enqueue(Conflict(
            """
            {"OpIndex":0,"What":"failed to set key \"a\", index is stale"},
            {"OpIndex":1,"What":"Permission denied"}
            """));

        Assert.False(await _client.TransactAsync([ConsulStep.SetIfUnchanged("a", [1], 5)], CancellationToken.None));
        await Assert.ThrowsAsync<ConsulException>(
            () => _client.TransactAsync([ConsulStep.SetIfUnchanged("a", [1], 5)], CancellationToken.None));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_has_not_answered()
    {
        var never = new TaskCompletionSource();
        _answers.Enqueue(_ => never.Task);

        var failure = await Assert.ThrowsAsync<ConsulException>(
            () => _client.WriteAsync("a", [1], CancellationToken.None));

        Assert.Contains("within 0.5 seconds", failure.Message, StringComparison.Ordinal);
        never.SetResult();
    }

    [Fact]
    public async Task A_request_that_waits_may_take_longer()
    {
        _answers.Enqueue(async context =>
        {
            await Task.Delay(700);
            context.Response.Headers["X-Consul-Index"] = "9";
            context.Response.StatusCode = 404;
        });

        var watch = await _client.WatchAsync("a b", 8, CancellationToken.None);

        Assert.Equal(new ConsulWatch(9, null), watch);
        Assert.Equal("GET /v1/kv/a%20b?index=8&wait=1000ms&dc=dc%202", Assert.Single(_requests));
    }

    [Fact]
    public async Task What_is_not_consul_is_told_from_it()
    {
        _answers.Enqueue(Answer("<html>Welcome</html>"));

        var failure = await Assert.ThrowsAsync<ConsulException>(
            () => _client.ReadTreeAsync("a/", CancellationToken.None));

        Assert.Contains("is not Consul", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_in_no_message()
    {
        _answers.Enqueue(Fail(403, "Permission denied"));
        _answers.Enqueue(Cut);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var failure = await Assert.ThrowsAsync<ConsulException>(
                () => _client.WriteAsync("a", [1], CancellationToken.None));
            Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_cannot_be_reached_was_asked_nothing()
    {
        using var nobody = ConsulParts.Client(new ConsulOptions
        {
            Address = new Uri($"http://127.0.0.1:{FreePort.Next()}"),
        });

        var failure = await Assert.ThrowsAsync<ConsulException>(
            () => nobody.WriteAsync("a", [1], CancellationToken.None));

        Assert.True(failure.NotSent);
    }

    [Fact]
    public async Task A_write_that_did_not_go_out_is_tried_again()
    {
        var port = FreePort.Next();
        using var early = ConsulParts.Client(new ConsulOptions { Address = new Uri($"http://127.0.0.1:{port}") });
        var write = early.WriteAsync("a", [1], CancellationToken.None);

        // The attempts are over within a second; they see the listener that opens meanwhile.
        using var late = new System.Net.Sockets.TcpListener(IPAddress.Loopback, port);
        late.Start();
        using var connection = await late.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(5));
        var stream = connection.GetStream();
        Assert.True(await stream.ReadAtLeastAsync(new byte[20], 20) >= 20);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue"u8.ToArray());

        await write;
    }

    private static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Func<HttpContext, Task> Fail(int status, string words) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(words);
    };

    private static Func<HttpContext, Task> Conflict(string errors) =>
        Fail(409, $$"""{"Results":null,"Errors":[{{errors}}]}""");

    private static Func<HttpContext, Task> Answer(string json) => context =>
    {
        context.Response.Headers["X-Consul-Index"] = "5";
        return context.Response.WriteAsync(json);
    };
}

using System.Net;
using System.Net.Sockets;
using IndiiMusic.Api.Listeners;
using IndiiMusic.Api.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Api.Tests.Listeners;

public sealed class ListenerTests(ListenerTests.Server server) : IClassFixture<ListenerTests.Server>
{
    public sealed class Server : StandaloneServer
    {
        protected override void Map(WebApplication app) =>
            app.MapGet("/control/test", () => "inside").OnlyOn(Listener.Control);
    }

    [Theory]
    [InlineData(Listener.Public, "/control/test", false)]
    [InlineData(Listener.Management, "/control/test", false)]
    [InlineData(Listener.Control, "/control/test", true)]
    [InlineData(Listener.Public, "/metrics", false)]
    [InlineData(Listener.Management, "/metrics", true)]
    [InlineData(Listener.Control, "/metrics", false)]
    [InlineData(Listener.Public, "/health/live", true)]
    [InlineData(Listener.Management, "/health/ready", true)]
    public async Task A_route_answers_only_where_it_belongs(Listener listener, string path, bool isThere)
    {
        using var client = CreateClient(listener);

        using var answer = await client.GetAsync(path);

        Assert.Equal(isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Answers_do_not_say_what_serves_them()
    {
        using var client = server.CreateClient();

        using var answer = await client.GetAsync("/health/live");

        Assert.Empty(answer.Headers.Server);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    private HttpClient CreateClient(Listener listener)
    {
        if (listener != Listener.Control)
        {
            return new HttpClient
            {
                BaseAddress = new Uri(listener == Listener.Public ? server.Address : server.ManagementAddress),
            };
        }

        var path = server.Services.GetRequiredService<IConfiguration>()[ListenersHosting.ControlSocketKey]!;
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://control"),
        };
    }
}

using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace IndiiMusic.Api.Tests.Playlists.Live;

/// <summary>Joins a playlist over a bare WebSocket with a small receive buffer, and then never reads again.</summary>
public sealed class StuckClient : IDisposable
{
    private const char RecordEnd = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private StuckClient()
    {
    }

    public static async Task<StuckClient> JoinAsync(LiveServer server, Guid playlistId)
    {
        var client = new StuckClient();
        var address = server.Address.Replace("http:", "ws:", StringComparison.Ordinal);
        var token = LiveServer.Token();
        await client._socket.ConnectAsync(
            new Uri($"{address}/hubs/playlists?access_token={token}"), client._http, CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client.SendAsync(
            $$"""{"type":1,"invocationId":"1","target":"Join","arguments":["{{playlistId}}",null]}""");
        return client;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _http.Dispose();
    }

    private Task SendAsync(string message) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(message + RecordEnd), WebSocketMessageType.Text, true, CancellationToken.None);
}

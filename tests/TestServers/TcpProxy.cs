using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.TestServers;

/// <summary>Stands between a client and a server, counts what passes, and breaks connections off where it is told.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly Lock _cutting = new();
    private readonly Queue<long> _cuts = [];
    private readonly Task _accepting;
    private long _bytesToClient;
    private long _bytesToServer;

    /// <param name="server">Where the server is; an address on loopback.</param>
    public TcpProxy(Uri server)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public string Address { get; }

    /// <summary>Bytes that the server's answers had so far.</summary>
    public long BytesToClient => Interlocked.Read(ref _bytesToClient);

    /// <summary>Bytes that the clients' requests had so far.</summary>
    public long BytesToServer => Interlocked.Read(ref _bytesToServer);

    /// <summary>Breaks the connection off after so many further bytes to the client; then after so many again.</summary>
    public void CutAfter(params ReadOnlySpan<long> bytes)
    {
        lock (_cutting)
        {
            _cuts.Clear();
            foreach (var count in bytes)
                _cuts.Enqueue(count);
        }
    }

    /// <summary>Breaks nothing off any more.</summary>
    public void Heal() => CutAfter();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                var connection = ServeAsync(client);
                _connections[connection] = true;
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            // That is how it ends.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_server, stop.Token);
                var up = UpAsync(client, server, stop.Token);
                await Task.WhenAny(up, DownAsync(server, client, stop.Token));
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                // One side went away; so does the other.
            }

            await stop.CancelAsync();
            client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }

    private async Task UpAsync(TcpClient client, TcpClient server, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        while (await client.GetStream().ReadAsync(buffer, stop) is > 0 and var count)
        {
            Interlocked.Add(ref _bytesToServer, count);
            await server.GetStream().WriteAsync(buffer.AsMemory(0, count), stop);
        }
    }

    private async Task DownAsync(TcpClient server, TcpClient client, CancellationToken stop)
    {
        var buffer = new byte[16 * 1024];
        while (await server.GetStream().ReadAsync(buffer, stop) is > 0 and var count)
        {
            var (passed, isCut) = Take(count);
            Interlocked.Add(ref _bytesToClient, passed);
            await client.GetStream().WriteAsync(buffer.AsMemory(0, passed), stop);
            if (isCut)
                return;
        }
    }

    private (int Passed, bool IsCut) Take(int count)
    {
        lock (_cutting)
        {
            if (!_cuts.TryDequeue(out var left))
                return (count, false);
            if (left <= count)
                return ((int)left, true);

            var others = _cuts.ToArray();
            _cuts.Clear();
            foreach (var cut in (long[])[left - count, .. others])
                _cuts.Enqueue(cut);
            return (count, false);
        }
    }
}

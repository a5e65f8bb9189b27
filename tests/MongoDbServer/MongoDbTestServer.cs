using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IndiiMusic.MongoDbServer.Commands;
using IndiiMusic.MongoDbServer.FaultInjection;

namespace IndiiMusic.MongoDbServer;

/// <summary>
/// Stands in for mongod in tests: the wire protocol, with the commands and operators that the product sends, held in
/// memory. What it does not know it refuses by name. It listens on loopback and keeps nothing when the process ends.
/// </summary>
public sealed class MongoDbTestServer : IAsyncDisposable
{
    internal const string ReplicaSet = "indii";

    private readonly CommandProcessor _processor;
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private CancellationTokenSource? _running;
    private Task _accepting = Task.CompletedTask;

    private MongoDbTestServer(int port)
    {
        Port = port;
        _processor = new CommandProcessor(() => Port);
    }

    /// <summary>The port on 127.0.0.1; it stays the same when the server is stopped and started again.</summary>
    public int Port { get; private set; }

    /// <summary>What a driver connects by.</summary>
    public string ConnectionString => $"mongodb://127.0.0.1:{Port}/?replicaSet={ReplicaSet}";

    /// <summary>What goes wrong on purpose.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>How many commands came in, by name.</summary>
    public CommandCounts Commands { get; } = new();

    /// <summary>How many retried writes were answered as the first time, without being done again.</summary>
    public long RetriesAnswered => _processor.RetriesAnswered;

    /// <summary>
    /// How many documents searches have looked at, whether they matched or not: with the right index, about as many as
    /// they gave.
    /// </summary>
    public long DocumentsExamined => _processor.DocumentsExamined;

    /// <summary>Starts a server; port 0 lets the system choose one.</summary>
    public static Task<MongoDbTestServer> StartAsync(int port = 0)
    {
        var server = new MongoDbTestServer(port);
        server.Listen();
        return Task.FromResult(server);
    }

    /// <summary>
    /// Closes every connection and refuses new ones. What is stored stays, for <see cref="StartAgain"/>.
    /// </summary>
    public async Task StopAsync()
    {
        if (_running is null)
            return;
        await _running.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _running.Dispose();
        _running = null;
    }

    /// <summary>Listens again on the same port, with everything that was stored.</summary>
    public void StartAgain()
    {
        if (_running is not null)
            throw new InvalidOperationException("The server runs already.");
        Listen();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await StopAsync();
    }

    private void Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start(512);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _running = new CancellationTokenSource();
        _accepting = AcceptAsync(listener, _running.Token);
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stopping)
    {
        using (listener)
        {
            while (true)
            {
                try
                {
                    Begin(await listener.AcceptSocketAsync(stopping), stopping);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (SocketException)
                {
                    // The client gave up before it was let in.
                }
            }
        }
    }

    private void Begin(Socket socket, CancellationToken stopping)
    {
        socket.NoDelay = true;

        // A dropped connection is reset, so that the client hears of it at once.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        var connection = new ClientConnection(socket, _processor, Faults, Commands);
        var task = Task.Run(() => connection.RunAsync(stopping), CancellationToken.None);
        _connections[task] = 0;
        _ = task.ContinueWith(
            ended => _connections.TryRemove(ended, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}

using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IndiiMusic.Bench.Load;

/// <summary>
/// Asks a server for the same thing over many connections that stay open. It is written on plain sockets, because a
/// general client would take as much of the processor as a fast server does and so hide what servers differ by: each
/// thread sends on all its connections, then takes their answers.
/// </summary>
internal sealed class HttpLoad : IDisposable
{
    private const int Threads = 2;
    private const int ConnectionsPerThread = 16;
    private const int BufferBytes = 256 * 1024;

    private readonly Connection[][] _connections;
    private readonly byte[] _request;
    private readonly string _status;

    /// <param name="address">The server.</param>
    /// <param name="target">Path and query to get.</param>
    /// <param name="status">The status that every answer must have.</param>
    /// <param name="headers">Further headers, each as a whole line.</param>
    public HttpLoad(Uri address, string target, int status, params IEnumerable<string> headers)
    {
        IEnumerable<string> lines = [$"GET {target} HTTP/1.1", $"Host: {address.Authority}", .. headers, "", ""];
        _request = Encoding.ASCII.GetBytes(string.Join("\r\n", lines));
        _status = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} ");
        _connections = [.. Enumerable.Range(0, Threads).Select(_ =>
            Enumerable.Range(0, ConnectionsPerThread).Select(_ => new Connection(address)).ToArray())];
    }

    /// <summary>Goes on for a time.</summary>
    /// <returns>Answers per second.</returns>
    public async Task<double> RunAsync(TimeSpan runTime)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(runTime.TotalSeconds * Stopwatch.Frequency);
        var answered = await Task.WhenAll(_connections.Select(connections => Task.Factory.StartNew(
            () => Ask(connections, end),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return answered.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (var connection in _connections.SelectMany(static connections => connections))
        {
            connection.Dispose();
        }
    }

    private long Ask(Connection[] connections, long end)
    {
        var answered = 0L;
        while (Stopwatch.GetTimestamp() < end)
        {
            foreach (var connection in connections)
            {
                connection.Send(_request);
            }

            foreach (var connection in connections)
            {
                connection.ReceiveAnswer(_status);
            }

            answered += connections.Length;
        }

        return answered;
    }

    private sealed class Connection : IDisposable
    {
        private readonly byte[] _buffer = new byte[BufferBytes];
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };

        public Connection(Uri address) => _socket.Connect(IPAddress.Parse(address.Host), address.Port);

        public void Send(byte[] request) => _socket.Send(request);

        public void ReceiveAnswer(string status)
        {
            var received = 0;
            var whole = int.MaxValue;
            while (received < whole)
            {
                var bytes = _socket.Receive(_buffer.AsSpan(received));
                if (bytes == 0)
                {
                    throw new InvalidOperationException("The server closed a connection.");
                }

                received += bytes;
                if (whole == int.MaxValue && _buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
                {
                    whole = head + 4 + BodyBytes(_buffer.AsSpan(0, head), status);
                }
            }
        }

        public void Dispose() => _socket.Dispose();

        private static int BodyBytes(ReadOnlySpan<byte> head, string status)
        {
            if (!Ascii.Equals(head[..status.Length], status))
            {
                throw new InvalidOperationException($"Not {status}but: {Encoding.ASCII.GetString(head)}");
            }

            var length = "\r\nContent-Length: "u8;
            var at = head.IndexOf(length);
            if (at < 0)
            {
                return 0;
            }

            return Utf8Parser.TryParse(head[(at + length.Length)..], out int bytes, out _)
                ? bytes
                : throw new InvalidOperationException("Content-Length is no number.");
        }
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace IndiiMusic.TestServers;

/// <summary>A real redis-server that keeps nothing on disk. Stopped and started again, it is empty.</summary>
public sealed class RedisServer(string? password = null) : ServerProcess
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    private readonly int _port = FreePort.Next();

    /// <summary>Where it listens.</summary>
    public string Endpoint => $"127.0.0.1:{_port}";

    /// <summary>Makes one and starts it.</summary>
    public static async Task<RedisServer> LaunchAsync(string? password = null)
    {
        var server = new RedisServer(password);
        await server.StartAsync();
        return server;
    }

    protected override ProcessStartInfo Command()
    {
        var start = new ProcessStartInfo("redis-server")
        {
            WorkingDirectory = Folder,
            ArgumentList =
            {
                "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--enable-debug-command", "yes",
            },
        };
        if (password is not null)
        {
            start.ArgumentList.Add("--requirepass");
            start.ArgumentList.Add(password);
        }

        return start;
    }

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            using var time = new CancellationTokenSource(AnswerTime);
            await client.ConnectAsync("127.0.0.1", _port, time.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), time.Token);
            var answer = new byte[64];
            var length = await stream.ReadAsync(answer, time.Token);

            // One that asks for a password is up as well.
            return Encoding.ASCII.GetString(answer, 0, length) is var text
                && (text.StartsWith("+PONG", StringComparison.Ordinal)
                    || text.StartsWith("-NOAUTH", StringComparison.Ordinal));
        }
        catch (Exception refused) when (refused is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}

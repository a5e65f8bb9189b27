using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using IndiiMusic.MongoDbServer;

namespace IndiiMusic.Bench.Hosting;

/// <summary>The server that stands in for MongoDB, in a process of its own.</summary>
internal sealed class MongoDbProcess : TestServers.ServerProcess
{
    private readonly int _port = TestServers.FreePort.Next();

    /// <summary>What a driver connects by.</summary>
    public string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"mongodb://127.0.0.1:{_port}/?directConnection=true");

    protected override ProcessStartInfo Command() => new(
        "dotnet",
        [typeof(MongoDbTestServer).Assembly.Location, "--port", _port.ToString(CultureInfo.InvariantCulture)]);

    protected override async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

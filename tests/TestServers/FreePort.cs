using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.TestServers;

/// <summary>Ports on loopback for servers that must be told theirs.</summary>
public static class FreePort
{
    private static readonly Lock Choosing = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that nobody listens on, and that this process has not given out before.</summary>
    public static int Next()
    {
        lock (Choosing)
        {
            while (true)
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (Given.Add(port))
                    return port;
            }
        }
    }
}

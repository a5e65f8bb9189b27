using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.TestServers;

/// <summary>Ports on loopback for servers that must be told theirs.</summary>
public static class FreePort
{
    // Below the range that the system itself gives to connections: a port from there could be gone by the time that the
    // server, which may be stopped and started again, listens on it.
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Choosing = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>
    /// A port that nobody listens on, and that this process has not given out before; by chance, because other
    /// processes choose theirs in the same way.
    /// </summary>
    public static int Next()
    {
        lock (Choosing)
        {
            while (true)
            {
                var port = Random.Shared.Next(First, Last);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.Standalone.Serve;

/// <summary>
/// Tries the configured addresses before anything else starts, so that a taken port costs no time and touches no data.
/// </summary>
internal static class ListenCheck
{
    /// <exception cref="StartRefusedException">An address cannot be listened on.</exception>
    public static void Ensure(IConfiguration configuration)
    {
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is not { Length: > 0 } url)
            {
                throw new StartRefusedException($"{endpoint.Path}:Url is empty; it may be like http://127.0.0.1:5080.");
            }

            Ensure(endpoint.Path, url);
        }
    }

    private static void Ensure(string key, string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new StartRefusedException($"{key}:Url is '{url}'; it may be like http://127.0.0.1:5080.");
        }

        if (address.IsUnixPipe || address.Port == 0)
        {
            return;
        }

        // Any other name than localhost makes Kestrel listen on all addresses.
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var named) ? named
            : address.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.IPv6Any;
        try
        {
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, address.Port));
        }
        catch (SocketException refused)
        {
            throw new StartRefusedException(refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"{url} is taken by another program. "
                    + "Stop it, or choose another address with --url or --management-url.",
                SocketError.AccessDenied => $"{url} may not be listened on by this user. "
                    + "Choose a port above 1023 with --url or --management-url.",
                _ => $"{url} cannot be listened on: {refused.Message}. "
                    + "Choose another address with --url or --management-url.",
            });
        }
    }
}

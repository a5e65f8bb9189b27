using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace IndiiMusic.Infrastructure.Hosting;

/// <summary>
/// Tries the configured addresses before anything else starts, so that a taken port costs no time and touches no data.
/// </summary>
public static class ListenCheck
{
    /// <param name="configuration">Has the addresses: <c>Kestrel:Endpoints:&lt;name&gt;:Url</c>.</param>
    /// <param name="how">How another address is chosen, in words for the person at the terminal.</param>
    /// <exception cref="StartRefusedException">An address cannot be listened on.</exception>
    public static void Ensure(IConfiguration configuration, string how = "in that setting")
    {
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is not { Length: > 0 } url)
            {
                throw new StartRefusedException($"{endpoint.Path}:Url is empty; it may be like http://127.0.0.1:5080.");
            }

            Ensure(endpoint.Path, url, how);
        }
    }

    private static void Ensure(string key, string url, string how)
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

        // Any other name than localhost makes Kestrel listen on all addresses: those of IPv4 where there is no IPv6.
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var named) ? named
            : address.Host == "localhost" ? IPAddress.Loopback
            : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any
            : IPAddress.Any;
        try
        {
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, address.Port));
        }
        catch (SocketException refused)
        {
            throw new StartRefusedException(refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"{key}:Url, {url}, is taken by another program. "
                    + $"Stop it, or choose another address {how}.",
                SocketError.AccessDenied => $"{key}:Url, {url}, may not be listened on by this user. "
                    + $"Choose a port above 1023 {how}.",
                _ => $"{key}:Url, {url}, cannot be listened on: {refused.Message}. Choose another address {how}.",
            });
        }
    }
}

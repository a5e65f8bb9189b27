using System.Net;
using System.Net.Sockets;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// What of a caller's address may stand in the log: the network that it is in, /24 or /48, which tells attacks from one
/// place from attacks from many, and no person from their neighbours.
/// </summary>
public static class ClientAddress
{
    private const int V4BytesKept = 3;
    private const int V6BytesKept = 6;

    /// <summary>The address with its last part set to zero; null where there is none.</summary>
    public static string? Shorten(IPAddress? address)
    {
        if (address is null)
            return null;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(address.AddressFamily == AddressFamily.InterNetwork ? V4BytesKept : V6BytesKept).Clear();
        return new IPAddress(bytes).ToString();
    }
}

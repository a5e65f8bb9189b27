using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace IndiiMusic.Api.RateLimits;

/// <summary>Whose bucket it is, in 128 bits.</summary>
internal readonly record struct BucketKey(ulong High, ulong Low)
{
    /// <summary>A user.</summary>
    public static BucketKey Of(Guid userId)
    {
        Span<byte> bytes = stackalloc byte[16];
        userId.TryWriteBytes(bytes);
        return Of(bytes);
    }

    /// <summary>
    /// An address. Of an IPv6 address the first half counts, because one subscriber has all of the second; a connection
    /// without an address, as through a socket file, is one of its own.
    /// </summary>
    public static BucketKey Of(IPAddress? address)
    {
        if (address is null)
            return default;

        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            bytes[8..].Clear();
        else
            bytes[15] = 4;

        return Of(bytes);
    }

    /// <summary>An account, by the name that somebody claims, at an address.</summary>
    public static BucketKey Of(string login, IPAddress? address)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Of(address)}\n{login.Trim().ToUpperInvariant()}"), hash);
        return Of(hash);
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";

    private static BucketKey Of(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
}

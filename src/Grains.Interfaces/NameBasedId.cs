using System.Security.Cryptography;
using System.Text;

namespace IndiiMusic.Grains.Interfaces;

/// <summary>
/// Ids that follow from a name, so that the same thing brought in twice is the same thing and no claim is needed:
/// UUIDs of version 8 (RFC 9562) made of the first 128 bits of a SHA-256.
/// </summary>
public static class NameBasedId
{
    /// <summary>The id of a name; <paramref name="kind"/> keeps the names of different things apart.</summary>
    public static Guid Of(string kind, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{name}"), hash);
        var id = hash[..16];
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}

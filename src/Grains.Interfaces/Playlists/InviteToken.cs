using System.Buffers.Binary;
using System.Buffers.Text;

namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>
/// The secret part of an invite link: which playlist and invite it belongs to, and 128 random bits. Base64url of 36
/// bytes: playlist id (16, big endian), invite id (4, big endian), secret (16).
/// </summary>
public sealed record InviteToken(Guid PlaylistId, int InviteId, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Bytes of the secret.</summary>
    public const int SecretBytes = 16;

    private const int TokenBytes = 16 + sizeof(int) + SecretBytes;

    /// <summary>Reads a token; null when it is not one.</summary>
    public static InviteToken? Parse(string token)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes + 2];
        return token.Length == Base64Url.GetEncodedLength(TokenBytes)
            && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && length == TokenBytes
                ? new InviteToken(
                    new Guid(bytes[..16], bigEndian: true),
                    BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
                    bytes[20..TokenBytes].ToArray())
                : null;
    }

    /// <summary>The token as it stands in a link.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        PlaylistId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], InviteId);
        Secret.Span.CopyTo(bytes[20..]);
        return Base64Url.EncodeToString(bytes);
    }
}

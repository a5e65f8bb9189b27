using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// The parts of a refresh token: the session's id, a secret that all tokens of the session share, and a secret of its
/// own. The shared part tells a token that was used before from one that somebody made up. Clients take it as opaque.
/// </summary>
/// <param name="SessionId">Whose token it is.</param>
/// <param name="FamilySecret">128 random bits, the same in all tokens of the session.</param>
/// <param name="Secret">256 random bits of this token alone.</param>
public sealed record RefreshToken(Guid SessionId, ReadOnlyMemory<byte> FamilySecret, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Bytes of <see cref="FamilySecret"/>.</summary>
    public const int FamilySecretBytes = 16;

    /// <summary>Bytes of <see cref="Secret"/>.</summary>
    public const int SecretBytes = 32;

    private const int GuidBytes = 16;
    private const int TotalBytes = GuidBytes + FamilySecretBytes + SecretBytes;

    /// <summary>The token as clients hold it: base64url without padding.</summary>
    public string Encode()
    {
        Span<byte> bytes = stackalloc byte[TotalBytes];
        SessionId.TryWriteBytes(bytes, bigEndian: true, out _);
        FamilySecret.Span.CopyTo(bytes[GuidBytes..]);
        Secret.Span.CopyTo(bytes[(GuidBytes + FamilySecretBytes)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what a client sent.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RefreshToken? token)
    {
        token = null;
        if (text is null || text.Length != Base64Url.GetEncodedLength(TotalBytes) || !Base64Url.IsValid(text))
            return false;

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length != TotalBytes)
            return false;

        token = new RefreshToken(
            new Guid(bytes.AsSpan(0, GuidBytes), bigEndian: true),
            bytes.AsMemory(GuidBytes, FamilySecretBytes),
            bytes.AsMemory(GuidBytes + FamilySecretBytes, SecretBytes));
        return true;
    }

    /// <summary>Leaves the secrets out, so that no log ever holds them.</summary>
    public override string ToString() => $"{nameof(RefreshToken)} {{ SessionId = {SessionId} }}";
}

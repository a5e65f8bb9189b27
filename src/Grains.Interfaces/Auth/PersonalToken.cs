using System.Diagnostics.CodeAnalysis;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// The parts of a personal access token: whose it is, and a secret. As text it is a prefix that secret scanners find,
/// then both in base62, then a checksum, so that a mistyped or cut-off token is told with nobody asked. The checksum is
/// no secret and protects nothing.
/// </summary>
/// <param name="UserId">Whose token it is.</param>
/// <param name="Secret">256 random bits.</param>
public sealed record PersonalToken(Guid UserId, ReadOnlyMemory<byte> Secret)
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "indii_pat_";

    /// <summary>Bytes of <see cref="Secret"/>.</summary>
    public const int SecretBytes = 32;

    private const int GuidBytes = 16;

    /// <summary>Whether a text would be one of these rather than another kind of token; no more than that.</summary>
    public static bool HasPrefix(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The token as its maker sees it, once.</summary>
    public string Encode()
    {
        Span<byte> bytes = stackalloc byte[GuidBytes + SecretBytes];
        UserId.TryWriteBytes(bytes, bigEndian: true, out _);
        Secret.Span.CopyTo(bytes[GuidBytes..]);
        return CheckedSecret.Encode(Prefix, bytes);
    }

    /// <summary>Reads what a client sent.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PersonalToken? token)
    {
        token = CheckedSecret.TryDecode(Prefix, text, GuidBytes + SecretBytes, out var bytes)
            ? new PersonalToken(new Guid(bytes.AsSpan(0, GuidBytes), bigEndian: true), bytes.AsMemory(GuidBytes))
            : null;
        return token is not null;
    }

    /// <summary>What is kept of the secret, whose 256 random bits need neither salt nor a slow hash.</summary>
    public string Hash() => CheckedSecret.Hash(Secret.Span);

    /// <summary>Leaves the secret out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(PersonalToken);
}

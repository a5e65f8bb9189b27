using System.Diagnostics.CodeAnalysis;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// What a remembered device shows in place of a code: a secret in the form of <see cref="PersonalToken"/>.
/// </summary>
/// <param name="Secret">256 random bits.</param>
public sealed record DeviceToken(ReadOnlyMemory<byte> Secret)
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "indii_dev_";

    /// <summary>Bytes of <see cref="Secret"/>.</summary>
    public const int SecretBytes = 32;

    /// <summary>The token as its device keeps it.</summary>
    public string Encode() => CheckedSecret.Encode(Prefix, Secret.Span);

    /// <summary>Reads what a client sent.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DeviceToken? token)
    {
        token = CheckedSecret.TryDecode(Prefix, text, SecretBytes, out var bytes) ? new DeviceToken(bytes) : null;
        return token is not null;
    }

    /// <summary>What is kept of the secret.</summary>
    public string Hash() => CheckedSecret.Hash(Secret.Span);

    /// <summary>Leaves the secret out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(DeviceToken);
}

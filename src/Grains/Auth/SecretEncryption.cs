using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Auth;

/// <summary>
/// Encrypts secrets before they go into the database, with AES-256-GCM. Text and owner are sealed together: a secret
/// copied into somebody else's document does not open. The text names its key, so that keys can be replaced.
/// </summary>
internal sealed class SecretEncryption(IEncryptionKeyStore store)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyIdBytes = 8;

    private readonly Lazy<IReadOnlyList<EncryptionKey>> _keys = new(store.Read);

    /// <summary>The secret as it may be stored.</summary>
    /// <exception cref="IndiiException"><c>dependency_unavailable</c> where there is no key.</exception>
    public string Encrypt(ReadOnlySpan<byte> secret, Guid owner)
    {
        var key = _keys.Value.Count > 0
            ? _keys.Value[0]
            : throw new IndiiException(
                ErrorCode.DependencyUnavailable, "This service keeps no key for second factors, so it offers none.");
        var sealedBytes = new byte[NonceBytes + secret.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key.Bytes.Span, TagBytes);
        cipher.Encrypt(
            nonce,
            secret,
            sealedBytes.AsSpan(NonceBytes, secret.Length),
            sealedBytes.AsSpan(NonceBytes + secret.Length),
            owner.ToByteArray(bigEndian: true));
        return $"{IdOf(key)}.{Base64Url.EncodeToString(sealedBytes)}";
    }

    /// <summary>The secret that a text of <see cref="Encrypt"/> holds.</summary>
    /// <exception cref="IndiiException"><c>dependency_unavailable</c> where its key is not there.</exception>
    public byte[] Decrypt(string text, Guid owner)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var key = _keys.Value.FirstOrDefault(key => IdOf(key) == text[..dot])
            ?? throw new IndiiException(
                ErrorCode.DependencyUnavailable, "The key that this second factor is encrypted with is not there.");
        var sealedBytes = Base64Url.DecodeFromChars(text.AsSpan(dot + 1));
        var secret = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key.Bytes.Span, TagBytes);
        cipher.Decrypt(
            sealedBytes.AsSpan(0, NonceBytes),
            sealedBytes.AsSpan(NonceBytes, secret.Length),
            sealedBytes.AsSpan(NonceBytes + secret.Length),
            secret,
            owner.ToByteArray(bigEndian: true));
        return secret;
    }

    private static string IdOf(EncryptionKey key) => Convert.ToHexStringLower(
        HMACSHA256.HashData(key.Bytes.Span, Encoding.ASCII.GetBytes("key id")).AsSpan(0, KeyIdBytes));
}

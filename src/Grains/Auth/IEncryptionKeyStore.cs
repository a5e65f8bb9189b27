namespace IndiiMusic.Grains.Auth;

/// <summary>
/// Keeps the keys that secrets in the database are encrypted with, elsewhere than in the database. Silos read it, and
/// no gateway does. The newest encrypts, all decrypt.
/// </summary>
public interface IEncryptionKeyStore
{
    /// <summary>All keys, newest first; none where the operator has named no place for them.</summary>
    /// <exception cref="EncryptionKeyStoreException">A key cannot be read.</exception>
    IReadOnlyList<EncryptionKey> Read();
}

/// <summary>A key of AES-256.</summary>
/// <param name="Bytes">256 random bits.</param>
public sealed record EncryptionKey(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes of a key.</summary>
    public const int BytesCount = 32;

    /// <summary>Leaves the key out, so that no log ever holds it.</summary>
    public override string ToString() => nameof(EncryptionKey);
}

/// <summary>The store of secret keys does not give a key; the message says what to mend.</summary>
public sealed class EncryptionKeyStoreException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>No keys, where the host brings no store.</summary>
internal sealed class NoEncryptionKeys : IEncryptionKeyStore
{
    public IReadOnlyList<EncryptionKey> Read() => [];
}

using System.Security.Cryptography;

namespace IndiiMusic.Grains.Auth;

/// <summary>
/// Keeps the private keys that access tokens are signed with, beside the data. Several may be there: the newest signs,
/// all verify, so that a key can be replaced while tokens of the one before it are still about.
/// </summary>
public interface ISigningKeyStore
{
    /// <summary>All keys, in no order.</summary>
    /// <exception cref="SigningKeyStoreException">A key cannot be read.</exception>
    Task<IReadOnlyList<StoredSigningKey>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key, durably.</summary>
    /// <exception cref="SigningKeyStoreException">The key cannot be stored.</exception>
    Task AddAsync(StoredSigningKey key, CancellationToken cancellationToken);
}

/// <summary>A private key of the curve P-256.</summary>
/// <param name="CreatedAt">When it was made, to the second.</param>
/// <param name="Parameters">The key, its private part included.</param>
public sealed record StoredSigningKey(DateTimeOffset CreatedAt, ECParameters Parameters)
{
    /// <summary>Leaves the key out, so that no log ever holds it.</summary>
    public override string ToString() => $"{nameof(StoredSigningKey)} {{ CreatedAt = {CreatedAt:O} }}";
}

/// <summary>The store of signing keys does not take or give a key; the message says what to mend.</summary>
public sealed class SigningKeyStoreException(string message, Exception? cause = null) : Exception(message, cause);

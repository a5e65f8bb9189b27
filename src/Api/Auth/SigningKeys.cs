using System.Security.Cryptography;
using IndiiMusic.Grains.Auth;
using Microsoft.IdentityModel.Tokens;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// The keys of access tokens, read before the gateway takes requests. Where there is none, one is made: at the very
/// first start.
/// </summary>
internal sealed partial class SigningKeys(ISigningKeyStore store, TimeProvider time, ILogger<SigningKeys> logger)
    : IHostedLifecycleService
{
    // Somebody may send tokens with made-up key ids; the store is not asked more often than this.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);

    private IReadOnlyList<ECDsaSecurityKey> _keys = [];
    private long _refreshedAt;

    /// <summary>The newest key, which signs.</summary>
    public ECDsaSecurityKey Newest => _keys.Count > 0
        ? _keys[0]
        : throw new InvalidOperationException("Signing keys are read when the host starts, and it has not.");

    /// <summary>All keys, newest first; each verifies.</summary>
    public IReadOnlyList<ECDsaSecurityKey> All => _keys;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(cancellationToken);
        if (stored.Count == 0)
        {
            await MakeFirstAsync(cancellationToken);
            stored = await store.ReadAsync(cancellationToken);
        }

        Use(stored);
    }

    /// <summary>
    /// Looks for keys that were added since, as by another gateway; not more often than every few seconds.
    /// </summary>
    /// <returns>Whether it looked.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var last = Interlocked.Read(ref _refreshedAt);
        if (time.GetElapsedTime(last) < RefreshInterval
            || Interlocked.CompareExchange(ref _refreshedAt, time.GetTimestamp(), last) != last)
        {
            return false;
        }

        Use(await store.ReadAsync(cancellationToken));
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The public part, for the JWKS document.</summary>
    public static JsonWebKey PublicPart(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(point.X!),
            Y = Base64UrlEncoder.Encode(point.Y!),
            Use = JsonWebKeyUseNames.Sig,
            Alg = SecurityAlgorithms.EcdsaSha256,
            Kid = key.KeyId,
        };
    }

    private void Use(IReadOnlyList<StoredSigningKey> stored) =>
        _keys = [.. stored.OrderByDescending(key => key.CreatedAt).Select(ToSecurityKey)];

    private async Task MakeFirstAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.AddAsync(Make(), cancellationToken);
            LogMade();
        }
        catch (SigningKeyStoreException)
        {
            // Gateways that share a store may start at once: then one's first key is enough.
            if ((await store.ReadAsync(cancellationToken)).Count == 0)
                throw;
        }
    }

    private StoredSigningKey Make()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new StoredSigningKey(time.GetUtcNow(), ecdsa.ExportParameters(includePrivateParameters: true));
    }

    private static ECDsaSecurityKey ToSecurityKey(StoredSigningKey stored)
    {
        var key = new ECDsaSecurityKey(ECDsa.Create(stored.Parameters));
        if (key.KeySize != 256)
        {
            throw new SigningKeyStoreException(
                $"The signing key of {stored.CreatedAt:O} has {key.KeySize} bits; ES256 takes the curve P-256.");
        }

        // RFC 7638: the same key has the same id on every gateway, with nobody handing out ids.
        key.KeyId = Base64UrlEncoder.Encode(PublicPart(key).ComputeJwkThumbprint());
        return key;
    }
}

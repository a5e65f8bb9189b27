using System.Security.Cryptography;
using System.Text;

namespace IndiiMusic.Infrastructure.Telemetry;

/// <summary>
/// Stands in for whom an entry is about: HMAC-SHA256 of an id under a key, its first 12 bytes in hex, which nobody
/// takes for an id. The same id gives the same hash in every process with the same key, so that entries about one user
/// can be found together.
/// </summary>
public sealed class LogPseudonyms
{
    private const int HashBytes = 12;

    private readonly byte[] _key;

    /// <param name="secret">The operator's key; null or empty to derive one.</param>
    /// <param name="serviceId">What the key follows from otherwise: all processes of a cluster share it.</param>
    public LogPseudonyms(string? secret, string serviceId) => _key = SHA256.HashData(Encoding.UTF8.GetBytes(
        string.IsNullOrEmpty(secret) ? $"indiimusic log pseudonyms of {serviceId}" : secret));

    /// <summary>The hash of a user's or a session's id.</summary>
    public string Of(Guid id) => Of(id.ToString("N"));

    /// <summary>The hash of any other name of a person, such as the key of a claim on a user name.</summary>
    public string Of(string name) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name)).AsSpan(0, HashBytes));
}

namespace IndiiMusic.Grains.Objects;

/// <summary>
/// Keeps audio, artwork and avatars by key. Keys are names of lower-case letters, digits, <c>-</c> and <c>.</c>, not
/// beginning with <c>.</c>, joined by <c>/</c>, within <see cref="ObjectLimits"/>; contents never change once stored.
/// Anything else is no key: every method answers it with an <see cref="ArgumentException"/>.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Stores a stream under a key, all of it or nothing, durably. An object that is there already stays.
    /// </summary>
    /// <returns>The number of bytes stored under the key.</returns>
    /// <exception cref="ObjectStoreUnavailableException">No room, no permission, or no answer.</exception>
    Task<long> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>What is stored under a key; null when nothing is.</summary>
    Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Opens bytes <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="length"/>.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">Bytes to pass over.</param>
    /// <param name="length">Bytes to give; null for all the rest.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="FileNotFoundException">Nothing is stored under the key.</exception>
    /// <exception cref="ObjectStoreUnavailableException">No permission, or no answer.</exception>
    Task<Stream> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Removes an object; one that is not there is no error.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Where a listener may fetch an object by itself; null when the gateway is to send it, as with most stores. Nobody
    /// looks whether it is there. Whoever asks has made sure that the listener may have it.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="contentType">The media type that the answer there shall have.</param>
    /// <param name="isForAll">
    /// Whether everybody may have it. Only then can the address be one that works for everybody and for ever.
    /// </param>
    Task<ObjectLink?> FindLinkAsync(string key, string contentType, bool isForAll) =>
        Task.FromResult<ObjectLink?>(null);
}

/// <summary>Where an object can be fetched without a token of ours.</summary>
/// <param name="Address">The address; who has it can fetch the object.</param>
/// <param name="Lifetime">How long to send listeners there before asking again.</param>
public sealed record ObjectLink(Uri Address, TimeSpan Lifetime);

/// <summary>A stored object.</summary>
/// <param name="LengthBytes">Its size.</param>
/// <param name="LocalPath">
/// Where it lies on this machine's disk, when it does: the gateway then sends it without copying through memory.
/// </param>
/// <param name="LastModified">When it was stored.</param>
public sealed record ObjectInfo(long LengthBytes, string? LocalPath, DateTimeOffset LastModified);

/// <summary>The object store does not take or answer now.</summary>
public sealed class ObjectStoreUnavailableException(string message, Exception? cause = null)
    : Exception(message, cause);

namespace IndiiMusic.Api.Tracks;

/// <summary>Where what is shown of tracks is kept: <c>Cache:Provider</c>.</summary>
public enum CacheProvider
{
    /// <summary>In each gateway by itself.</summary>
    Memory = 0,

    /// <summary>In each gateway, and behind that in Redis, with word to all gateways of what changed.</summary>
    Redis = 1,
}

namespace IndiiMusic.Api.RateLimits;

/// <summary>Where requests are counted: <c>RateLimits:Provider</c>.</summary>
public enum RateLimitsProvider
{
    /// <summary>In each gateway by itself.</summary>
    Memory = 0,

    /// <summary>In Redis, for all gateways together.</summary>
    Redis = 1,
}

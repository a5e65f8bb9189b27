using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Api.RateLimits;

/// <summary>How many requests callers may send: to this process, or to all gateways where they count in Redis.
/// Section <c>RateLimits</c>.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "RateLimits";

    /// <summary>Requests per second that a signed-in user may send for ever.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int UserPerSecond { get; set; } = 100;

    /// <summary>Requests that a signed-in user may send at once after a pause.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int UserBurst { get; set; } = 1_000;

    /// <summary>
    /// Calls per second over hubs that a user may make for ever. An open connection is cheaper than requests, and many
    /// hands on one list make many small calls.
    /// </summary>
    [Range(1, 1_000_000)]
    [Live]
    public int HubPerSecond { get; set; } = 1_000;

    /// <summary>Calls over hubs that a user may make at once after a pause.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int HubBurst { get; set; } = 10_000;

    /// <summary>
    /// Requests per second that come from one address without a valid token; an IPv6 address is its /64.
    /// </summary>
    [Range(1, 1_000_000)]
    [Live]
    public int AnonymousPerSecond { get; set; } = 20;

    /// <summary>Requests from one address at once after a pause.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int AnonymousBurst { get; set; } = 100;

    /// <summary>Log-ins a minute on one account from one address; also as many at once.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int LogInsPerMinute { get; set; } = 10;

    /// <summary>Log-ins a minute from one address, whatever the account; also as many at once.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int LogInsPerAddressPerMinute { get; set; } = 300;
}

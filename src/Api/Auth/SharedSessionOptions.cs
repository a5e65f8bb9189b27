using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Api.Auth;

/// <summary>For how long gateways that share ended sessions trust what they know. Section <c>Sessions</c>.</summary>
public sealed class SharedSessionOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Sessions";

    /// <summary>
    /// How long a session that was asked counts as active while other gateways are heard. It bounds how long a gateway
    /// can go wrong that hears nothing from one that Redis alone cannot hear.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    [Live]
    public TimeSpan TrustedFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The same while other gateways are not heard, as when Redis is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    [Live]
    public TimeSpan TrustedForUnheard { get; set; } = TimeSpan.FromSeconds(1);
}

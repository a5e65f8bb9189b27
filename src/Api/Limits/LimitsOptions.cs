using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;

namespace IndiiMusic.Api.Limits;

/// <summary>How large and how long one request may be. Section <c>Limits</c>.</summary>
public sealed class LimitsOptions
{
    /// <summary>Where these stand in the configuration.</summary>
    public const string Section = "Limits";

    /// <summary>Bytes of a body, on routes that do not say otherwise.</summary>
    [Range(1_024, 1_073_741_824)]
    [Live]
    public long RequestBodyBytesMax { get; set; } = 1_048_576;

    /// <summary>Time for a request until it is answered, on routes that do not say otherwise.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    [Live]
    public TimeSpan RequestTimeMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections that are open at once; hubs hold one for each client.</summary>
    [Range(1, 10_000_000)]
    public long ConnectionsMax { get; set; } = 20_000;
}

using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Silo.Clustering;

/// <summary>Where a silo of a cluster listens for other silos and for gateways. Section <c>Silo</c>.</summary>
public sealed class SiloEndpointOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Silo";

    /// <summary>
    /// The IP address of this machine that others reach it by, and that it listens on; in Kubernetes the pod's.
    /// </summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>The port for gateways.</summary>
    [Range(1, 65_535)]
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How long a silo waits for another's answer to a probe. After three without one it takes the other for dead and
    /// asks a second silo to agree; together that is how long a crash keeps playlists waiting.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Holds <see cref="SiloEndpointOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class SiloEndpointOptionsRanges : IValidateOptions<SiloEndpointOptions>;

/// <summary>Holds that the address is one.</summary>
internal sealed class SiloEndpointOptionsValidator : IValidateOptions<SiloEndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloEndpointOptions options) =>
        IPAddress.TryParse(options.Address, out var address)
            && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{SiloEndpointOptions.Section}:{nameof(SiloEndpointOptions.Address)} is '{options.Address}'; it may "
                + "be an IP address of this machine that other silos reach, such as 10.0.0.7.");
}

using System.ComponentModel.DataAnnotations;
using IndiiMusic.Grains.Configuration;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Playlists;

/// <summary>How playlist grains run. Section <c>Playlists</c>.</summary>
public sealed class PlaylistOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Playlists";

    /// <summary>Seconds that a gateway's subscription holds unless it is renewed.</summary>
    [Range(1, 3_600)]
    public int ObserverLeaseSeconds { get; set; } = 60;

    /// <summary>Seconds after which the sweeper publishes what nobody else did.</summary>
    [Range(1, 3_600)]
    [Live]
    public int OutboxSweepAfterSeconds { get; set; } = 30;

    /// <summary>Batches that the sweeper publishes in one go.</summary>
    [Range(1, 100_000)]
    [Live]
    public int OutboxSweepBatchesMax { get; set; } = 1_000;
}

/// <summary>Holds <see cref="PlaylistOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class PlaylistOptionsValidator : IValidateOptions<PlaylistOptions>;

using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IndiiMusic.Grains.Tracks;

/// <summary>What tracks need from the container.</summary>
internal static class TracksHosting
{
    /// <summary>
    /// Adds the intake. The silo brings <see cref="IMediaProbe"/>, <see cref="Objects.IObjectStore"/>,
    /// <see cref="IImportLedger"/> and <see cref="Catalog.ITrackCatalog"/>.
    /// </summary>
    public static ISiloBuilder AddIndiiTracks(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<TrackIntake>();
        silo.Services.TryAddSingleton<UploadCopies>();
        return silo;
    }
}

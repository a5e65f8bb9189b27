using Orleans.Concurrency;

namespace IndiiMusic.Grains.Interfaces.Library;

/// <summary>One user's favourite tracks. Keyed by user id.</summary>
[Alias("indii.library.favourites-grain")]
public interface IFavouritesGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Makes a track a favourite; one that is a favourite already keeps its place. The caller has made sure that the
    /// user may hear it.
    /// </summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Add")]
    Task<FavouriteTrack> Add(Guid trackId);

    /// <summary>Makes a track no favourite any more; one that is none is no error.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Remove")]
    Task Remove(Guid trackId);

    /// <summary>The track as a favourite; null when it is none.</summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("Find")]
    Task<FavouriteTrack?> Find(Guid trackId);

    /// <summary>The favourites, last added first.</summary>
    [ReadOnly]
    [SafeToRepeat]
    [Alias("GetPage")]
    Task<Page<FavouriteTrack>> GetPage(int limit, string? cursor);
}

/// <summary>A track that the user likes best.</summary>
[GenerateSerializer]
[Immutable]
[Alias("indii.library.favourite-track")]
public sealed record FavouriteTrack(
    [property: Id(0)] Guid TrackId,
    [property: Id(1)] DateTimeOffset AddedAt);

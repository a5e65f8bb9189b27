using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Grains.Interfaces.Catalog;

/// <summary>
/// Reads the catalog of all tracks, a read model that each track keeps up to date; it may lag a track by moments.
/// Stateless: any key does, 0 by custom.
/// </summary>
[Alias("indii.catalog.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>A page of the tracks that the actor may hear.</summary>
    [SafeToRepeat]
    [Alias("List")]
    Task<Page<TrackCard>> List(Actor actor, CatalogQuery query, CancellationToken cancellationToken);

    /// <summary>The genres of the tracks that the actor may hear, most tracks first, at most 1,000.</summary>
    [SafeToRepeat]
    [Alias("ListGenres")]
    Task<ImmutableArray<GenreCount>> ListGenres(Actor actor, CancellationToken cancellationToken);

    /// <summary>
    /// The cards of some tracks, at most <see cref="TrackLimits.CardsMax"/>, in no order; unknown ones are left out.
    /// Not filtered by visibility: whoever shows one asks <see cref="TrackCard.MayBeHeardBy"/>.
    /// </summary>
    [SafeToRepeat]
    [Alias("GetCards")]
    Task<ImmutableArray<TrackCard>> GetCards(ImmutableArray<Guid> trackIds, CancellationToken cancellationToken);

    /// <summary>
    /// Recognises entries of a playlist file, at most <see cref="TrackLimits.MatchesMax"/>, among the tracks that the
    /// actor may hear. The answer has one item per entry, in their order; null where nothing matches.
    /// </summary>
    [SafeToRepeat]
    [Alias("Match")]
    Task<ImmutableArray<TrackMatch?>> Match(
        Actor actor, ImmutableArray<WantedTrack> wanted, CancellationToken cancellationToken);
}

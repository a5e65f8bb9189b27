using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.Extensions.Caching.Memory;

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// The cards of tracks for playlist entries and the hub, kept in this process for a minute: a page of entries asks for
/// many cards, and the same ones again and again. Bounded by <see cref="CardsKeptMax"/>. Cards are not filtered by
/// visibility: whoever shows one asks <see cref="TrackCard.MayBeHeardBy"/>.
/// </summary>
public sealed class TrackCards(IGrainFactory grains) : IDisposable
{
    /// <summary>Cards kept at once; about 300 bytes each.</summary>
    public const int CardsKeptMax = 200_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    // Tracks that do not exist are remembered as such for a shorter time, as an import may bring them in.
    private static readonly TimeSpan AbsenceKeptFor = TimeSpan.FromSeconds(5);

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = CardsKeptMax });

    /// <summary>The cards of some tracks; those that do not exist are left out.</summary>
    public ValueTask<IReadOnlyDictionary<Guid, TrackCard>> GetAsync(
        IReadOnlyCollection<Guid> trackIds, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<Guid, TrackCard>(trackIds.Count);
        HashSet<Guid>? missing = null;
        foreach (var trackId in trackIds)
        {
            if (!_kept.TryGetValue(trackId, out TrackCard? card))
                (missing ??= []).Add(trackId);
            else if (card is not null)
                found[trackId] = card;
        }

        return missing is null
            ? new ValueTask<IReadOnlyDictionary<Guid, TrackCard>>(found)
            : new ValueTask<IReadOnlyDictionary<Guid, TrackCard>>(FetchAsync(found, missing, cancellationToken));
    }

    /// <summary>Drops a card that this gateway knows to have changed.</summary>
    public void Forget(Guid trackId) => _kept.Remove(trackId);

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private async Task<IReadOnlyDictionary<Guid, TrackCard>> FetchAsync(
        Dictionary<Guid, TrackCard> found, HashSet<Guid> missing, CancellationToken cancellationToken)
    {
        var catalog = grains.GetGrain<ICatalogGrain>(0);
        foreach (var chunk in missing.Chunk(TrackLimits.CardsMax))
        {
            foreach (var card in await catalog.GetCards(ImmutableArray.Create(chunk), cancellationToken))
            {
                found[card.TrackId] = card;
                Keep(card.TrackId, card, KeptFor);
            }

            foreach (var trackId in chunk)
            {
                if (!found.ContainsKey(trackId))
                    Keep(trackId, card: null, AbsenceKeptFor);
            }
        }

        return found;
    }

    private void Keep(Guid trackId, TrackCard? card, TimeSpan keptFor) =>
        _kept.Set(
            trackId,
            card,
            new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = keptFor });
}

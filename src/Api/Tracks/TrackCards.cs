using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// The cards of tracks for playlist entries and the hub, kept in this process for a minute: a page of entries asks for
/// many cards, and the same ones again and again. Bounded by <see cref="CardsKeptMax"/>. Where gateways share a cache,
/// what is not kept here is looked for there first. Cards are not filtered by visibility: whoever shows one asks
/// <see cref="TrackCard.MayBeHeardBy"/>.
/// </summary>
public sealed class TrackCards
{
    /// <summary>Cards kept at once; about 300 bytes each.</summary>
    public const int CardsKeptMax = 200_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    // Tracks that do not exist are remembered as such for a shorter time, as an import may bring them in.
    private static readonly TimeSpan AbsenceKeptFor = TimeSpan.FromSeconds(5);

    // Half of the time that a changed track is marked for in the shared cache: a write takes its time as well.
    private static readonly TimeSpan SharedWithin = SharedCards.MarkedFor / 2;

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly SharedCards? _shared;
    private readonly CardShelf _kept;

    public TrackCards(IGrainFactory grains, TimeProvider time)
        : this(grains, time, shared: null)
    {
    }

    internal TrackCards(IGrainFactory grains, TimeProvider time, SharedCards? shared)
    {
        (_grains, _time, _shared) = (grains, time, shared);
        _kept = new CardShelf(CardsKeptMax, time);
    }

    /// <summary>The tracks that changed, for those who keep what they made of cards.</summary>
    internal ChangedTracks Changes { get; } = new();

    /// <summary>The cards of some tracks; those that do not exist are left out.</summary>
    public ValueTask<IReadOnlyDictionary<Guid, TrackCard>> GetAsync(
        IReadOnlyCollection<Guid> trackIds, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<Guid, TrackCard>(trackIds.Count);
        HashSet<Guid>? missing = null;
        var now = _time.GetTimestamp();
        foreach (var trackId in trackIds)
        {
            if (!_kept.TryFind(trackId, now, out var card))
                (missing ??= []).Add(trackId);
            else if (card is not null)
                found[trackId] = card;
        }

        return missing is null
            ? new ValueTask<IReadOnlyDictionary<Guid, TrackCard>>(found)
            : new ValueTask<IReadOnlyDictionary<Guid, TrackCard>>(FetchAsync(found, missing, cancellationToken));
    }

    /// <summary>Drops a card that this gateway changed, everywhere; the task ends when the others were told.</summary>
    public ValueTask ForgetAsync(Guid trackId)
    {
        Drop(trackId);
        return _shared?.ForgetAsync(trackId) ?? ValueTask.CompletedTask;
    }

    /// <summary>Drops a card in this process.</summary>
    internal void Drop(Guid trackId)
    {
        // First the number: who gets the card now and keeps it afterwards then sees that it may be the old one.
        Changes.Add(trackId);
        _kept.Drop(trackId);
    }

    /// <summary>Drops all cards in this process.</summary>
    internal void DropAll()
    {
        Changes.AddAll();
        _kept.Clear();
    }

    private async Task<IReadOnlyDictionary<Guid, TrackCard>> FetchAsync(
        Dictionary<Guid, TrackCard> found, HashSet<Guid> missing, CancellationToken cancellationToken)
    {
        var before = Changes.Number;
        if (_shared is not null)
        {
            var asked = missing.ToArray();
            await _shared.FindAsync(missing, found);
            foreach (var trackId in asked)
            {
                if (found.TryGetValue(trackId, out var card))
                    Keep(trackId, card, KeptFor, before);
            }
        }

        var catalog = _grains.GetGrain<ICatalogGrain>(0);
        foreach (var chunk in missing.Chunk(TrackLimits.CardsMax))
        {
            before = Changes.Number;
            var askedAt = _time.GetTimestamp();
            var cards = await catalog.GetCards(ImmutableArray.Create(chunk), cancellationToken);
            foreach (var card in cards)
            {
                found[card.TrackId] = card;
                Keep(card.TrackId, card, KeptFor, before);
            }

            if (_time.GetElapsedTime(askedAt) < SharedWithin)
                _shared?.Keep([.. cards.Where(card => !Changes.HasChanged(card.TrackId, before))], KeptFor);
            foreach (var trackId in chunk)
            {
                if (!found.ContainsKey(trackId))
                    Keep(trackId, card: null, AbsenceKeptFor, before);
            }
        }

        return found;
    }

    /// <summary>Keeps what was asked for after a change of a number, unless the track changed meanwhile.</summary>
    private void Keep(Guid trackId, TrackCard? card, TimeSpan keptFor, long before)
    {
        _kept.Keep(trackId, card, keptFor);
        if (Changes.HasChanged(trackId, before))
            _kept.Drop(trackId);
    }
}

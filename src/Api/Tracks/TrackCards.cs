using System.Collections.Immutable;
using IndiiMusic.Api.Errors;
using IndiiMusic.Api.Telemetry;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Tracks;

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// The cards of tracks for playlist entries and the hub, kept in this process for a minute: a page of entries asks for
/// many cards, and the same ones again and again. Bounded by <see cref="CardsKeptMax"/>. Where gateways share a cache,
/// what is not kept here is looked for there first. Cards are not filtered by visibility: whoever shows one asks
/// <see cref="TrackCard.MayBeHeardBy"/>.
/// </summary>
public sealed partial class TrackCards
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
    private readonly ILogger<TrackCards> _logger;
    private readonly CardShelf _kept;
    private long? _catalogFailedAt;

    public TrackCards(IGrainFactory grains, TimeProvider time, ILogger<TrackCards> logger)
        : this(grains, time, logger, shared: null)
    {
    }

    internal TrackCards(IGrainFactory grains, TimeProvider time, ILogger<TrackCards> logger, SharedCards? shared)
    {
        (_grains, _time, _logger, _shared) = (grains, time, logger, shared);
        _kept = new CardShelf(CardsKeptMax, time);
    }

    /// <summary>The tracks that changed, for those who keep what they made of cards.</summary>
    internal ChangedTracks Changes { get; } = new();

    /// <summary>
    /// The cards of some tracks; those that do not exist are left out, and while the catalog does not answer, those
    /// that are not at hand: playlists can be read all the same.
    /// </summary>
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

        var missed = missing?.Count ?? 0;
        CacheMetrics.TrackCards.Count(trackIds.Count - missed, missed);
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
            if (await TryAskAsync(catalog, chunk, cancellationToken) is not { } cards)
                break;
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

    /// <summary>Null when the catalog does not answer, or did not a moment ago.</summary>
    private async Task<IReadOnlyList<TrackCard>?> TryAskAsync(
        ICatalogGrain catalog, Guid[] trackIds, CancellationToken cancellationToken)
    {
        if (_catalogFailedAt is { } failedAt && _time.GetElapsedTime(failedAt) < AbsenceKeptFor)
            return null;
        try
        {
            var cards = await catalog.GetCards(ImmutableArray.Create(trackIds), cancellationToken);
            _catalogFailedAt = null;
            return cards;
        }
        catch (Exception failure) when (
            failure is not OperationCanceledException
            && Failure.Of(failure) is { IsOurs: true, Code: not ErrorCode.Internal })
        {
            if (_catalogFailedAt is null)
                LogWithoutCards(failure);
            _catalogFailedAt = _time.GetTimestamp();
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The catalog does not answer; entries are shown without their tracks' titles until it does")]
    private partial void LogWithoutCards(Exception cause);

    /// <summary>Keeps what was asked for after a change of a number, unless the track changed meanwhile.</summary>
    private void Keep(Guid trackId, TrackCard? card, TimeSpan keptFor, long before)
    {
        _kept.Keep(trackId, card, keptFor);
        if (Changes.HasChanged(trackId, before))
            _kept.Drop(trackId);
    }
}

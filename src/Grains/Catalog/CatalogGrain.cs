using System.Collections.Immutable;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using Orleans.Concurrency;

namespace IndiiMusic.Grains.Catalog;

/// <summary>Answers from the catalog for callers that cannot reach its storage themselves.</summary>
[GrainType("catalog")]
[StatelessWorker]
[Reentrant]
internal sealed class CatalogGrain(ITrackCatalog catalog) : Grain, ICatalogGrain
{
    private const int GenresMax = 1_000;

    // Files that lie in folders of one name under one name, and are looked through for the longest common path.
    private const int PathHitsMax = 100;

    public Task<Page<TrackCard>> List(Actor actor, CatalogQuery query, CancellationToken cancellationToken) =>
        catalog.ListAsync(Reader(actor), query with { Limit = PageLimits.Of(query.Limit) }, cancellationToken);

    public Task<ImmutableArray<GenreCount>> ListGenres(Actor actor, CancellationToken cancellationToken) =>
        catalog.ListGenresAsync(Reader(actor), GenresMax, cancellationToken);

    public async Task<ImmutableArray<TrackCard>> GetCards(
        ImmutableArray<Guid> trackIds, CancellationToken cancellationToken)
    {
        RequireAtMost(trackIds.Length, TrackLimits.CardsMax, "tracks");
        var cards = await catalog.FindCardsAsync(trackIds, cancellationToken);
        if (cards.Length == trackIds.Length)
            return cards;

        // What the catalog misses may still exist: asking the track activates it, which mends the catalog.
        var missing = trackIds.Except(cards.Select(card => card.TrackId));
        var asked = await Task.WhenAll(missing.Select(id => GrainFactory.GetGrain<ITrackGrain>(id).GetCard()));
        return [.. cards, .. asked.OfType<TrackCard>()];
    }

    public async Task<ImmutableArray<TrackMatch?>> Match(
        Actor actor, ImmutableArray<WantedTrack> wanted, CancellationToken cancellationToken)
    {
        RequireAtMost(wanted.Length, TrackLimits.MatchesMax, "entries");
        var own = await GetCards(
            [.. wanted.Where(entry => entry.TrackId is not null).Select(entry => entry.TrackId!.Value).Distinct()],
            cancellationToken);
        var heard = own.Where(card => card.MayBeHeardBy(actor)).Select(card => card.TrackId).ToHashSet();
        var matches = ImmutableArray.CreateBuilder<TrackMatch?>(wanted.Length);
        foreach (var entry in wanted)
        {
            matches.Add(
                entry.TrackId is { } id && heard.Contains(id)
                    ? new TrackMatch(id, MatchKind.TrackId)
                    : await MatchAsync(actor, entry, cancellationToken));
        }

        return matches.MoveToImmutable();
    }

    private static Actor Reader(Actor actor)
    {
        if (actor.UserId is not null)
            actor.Require(Permissions.ReadTracks);
        return actor;
    }

    private async Task<TrackMatch?> MatchAsync(Actor actor, WantedTrack entry, CancellationToken cancellationToken)
    {
        if (entry.Path is { } path && await MatchPathAsync(actor, path, cancellationToken) is { } byPath)
            return new TrackMatch(byPath, MatchKind.Path);

        if (entry.RecordingId is { } recordingId)
        {
            var term = recordingId.ToString("D");
            if (await FindOneAsync(actor, CatalogTermKind.RecordingId, term, cancellationToken) is { } byRecording)
                return new TrackMatch(byRecording, MatchKind.MusicBrainzId);
        }

        if (entry is { Artist: { } artist, Title: { } title })
        {
            var term = FoldedText.ArtistTitle(artist, title);
            if (await FindOneAsync(actor, CatalogTermKind.ArtistTitle, term, cancellationToken) is { } byName)
                return new TrackMatch(byName, MatchKind.ArtistTitle);
        }

        return entry is { Path: { } lonelyPath, RecordingId: null, Title: null }
            && await MatchFileNameAsync(actor, lonelyPath, cancellationToken) is { } byFileName
                ? new TrackMatch(byFileName, MatchKind.Path)
                : null;
    }

    private async Task<Guid?> MatchPathAsync(Actor actor, string path, CancellationToken cancellationToken)
    {
        if (await FindOneAsync(actor, CatalogTermKind.Path, path, cancellationToken) is { } exact)
            return exact;
        var ending = FoldedText.PathEnding(path, 2);
        if (ending.Length == 0)
            return await MatchFileNameAsync(actor, path, cancellationToken);
        return PathMatch.Best(
            path,
            await catalog.FindByTermAsync(
                actor, CatalogTermKind.FolderAndFileName, ending, PathHitsMax, cancellationToken));
    }

    // A file name must be the only one of its kind to say which track is meant.
    private async Task<Guid?> MatchFileNameAsync(Actor actor, string path, CancellationToken cancellationToken)
    {
        var name = FoldedText.PathEnding(path, 1);
        if (name.Length == 0)
            return null;
        var hits = await catalog.FindByTermAsync(actor, CatalogTermKind.FileName, name, 2, cancellationToken);
        return hits.Length == 1 || (hits.Length == 2 && hits[0].TrackId == hits[1].TrackId) ? hits[0].TrackId : null;
    }

    private async Task<Guid?> FindOneAsync(
        Actor actor, CatalogTermKind kind, string term, CancellationToken cancellationToken)
    {
        if (term.Length == 0)
            return null;
        var hits = await catalog.FindByTermAsync(actor, kind, term, 1, cancellationToken);
        return hits.Length == 0 ? null : hits[0].TrackId;
    }

    private static void RequireAtMost(int count, int countMax, string what)
    {
        if (count > countMax)
            throw new IndiiException(
                ErrorCode.LimitExceeded, $"{count} {what} in one call; at most {countMax} may be.");
    }
}

using System.Collections.Immutable;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Infrastructure.Catalog;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IndiiMusic.Infrastructure.MongoDb;

/// <summary>
/// The catalog in MongoDB: a document per track, with the terms that it is looked up by inside. Shard key:
/// <c>{_id: "hashed"}</c>, the track, which every write and every look-up of cards names. A list goes to all shards,
/// each gives the page's first tracks off an index, and the router merges them.
/// </summary>
/// <remarks>
/// <para>
/// Each order of the list is one text that makes a track's place unique, so that a page begins with one look into one
/// index, on MongoDB and on whatever speaks its protocol. What the caller may hear, and words of the search text, are
/// asked of the documents that the index leads to.
/// </para>
/// <para>
/// Lists and genres are scans, which secondaries may answer; they can then lag behind by moments, as a list that was
/// just fetched does. Cards and terms come from the primary.
/// </para>
/// </remarks>
internal sealed class MongoDbTrackCatalog(MongoDbDatabase database) : ITrackCatalog
{
    private const string Kind = "catalog";
    private const string CollectionName = "catalogTracks";

    private static readonly BsonDocument CardFields = TrackDocument.CardProjection;

    public static IReadOnlyList<MongoDbIndex> Indexes { get; } =
    [
        new(CollectionName, "by_artist", new BsonDocument(TrackDocument.ArtistOrder, 1)),
        new(CollectionName, "by_title", new BsonDocument(TrackDocument.TitleOrder, 1)),
        new(CollectionName, "by_age", new BsonDocument(TrackDocument.AgeOrder, 1)),
        new(
            CollectionName,
            "by_term",
            new BsonDocument { { TrackDocument.Term, 1 }, { TrackDocument.ArtistOrder, 1 } }),
    ];

    private IMongoCollection<BsonDocument> Tracks => database.Collection<BsonDocument>(CollectionName);

    private IMongoCollection<BsonDocument> ScannedTracks => database.ForScans<BsonDocument>(CollectionName);

    public Task UpsertAsync(CatalogTrack track, CancellationToken cancellationToken)
    {
        var document = TrackDocument.Write(track);
        var older = ById(track.Card.TrackId)
            .Add(TrackDocument.Revision, new BsonDocument("$lt", track.Revision));
        return RunAsync(
            async limit =>
            {
                try
                {
                    await Tracks.ReplaceOneAsync(older, document, new ReplaceOptions { IsUpsert = true }, limit);
                }
                catch (MongoWriteException failure) when (MongoDbFailures.IsDuplicateKey(failure))
                {
                    // This revision or a newer one is there, or another writer has entered an older one just now.
                    await Tracks.ReplaceOneAsync(older, document, cancellationToken: limit);
                }

                return true;
            },
            cancellationToken);
    }

    public Task RemoveAsync(Guid trackId, CancellationToken cancellationToken) => RunAsync(
        async limit =>
        {
            // The files first: were the second step to fail, removing the track again would still find it.
            await MongoDbImportLedger.ForgetAsync(database, trackId, limit);
            return await Tracks.DeleteOneAsync(ById(trackId), limit);
        },
        cancellationToken);

    public async Task<long?> FindRevisionAsync(Guid trackId, CancellationToken cancellationToken)
    {
        var found = await FindAsync(
            Tracks, ById(trackId), [], 1, new BsonDocument(TrackDocument.Revision, 1), cancellationToken);
        return found is [var track] ? track[TrackDocument.Revision].ToInt64() : null;
    }

    public async Task<Page<TrackCard>> ListAsync(Actor actor, CatalogQuery query, CancellationToken cancellationToken)
    {
        var (field, direction) = OrderOf(query.Sort);
        var conditions = Conditions(actor, query);
        if (query.Cursor is not null)
        {
            var after = CatalogCursor.Read(query.Cursor, query.Sort, keyCount: 1)[0] as string
                ?? throw IndiiException.Invalid("cursor is not one that this list gave.");
            conditions.Add(new BsonDocument(field, new BsonDocument(direction > 0 ? "$gt" : "$lt", after)));
        }

        var found = await FindAsync(
            ScannedTracks,
            new BsonDocument("$and", conditions),
            new BsonDocument(field, direction),
            query.Limit + 1,
            new BsonDocument(CardFields).Add(field, 1),
            cancellationToken);
        var cards = found.Take(query.Limit).Select(TrackDocument.ReadCard).ToImmutableArray();
        var next = found.Count > query.Limit
            ? CatalogCursor.Write(query.Sort, [TrackDocument.PlaceIn(found[query.Limit - 1], field)])
            : null;
        return new Page<TrackCard>(cards, next);
    }

    public Task<ImmutableArray<GenreCount>> ListGenresAsync(
        Actor actor, int countMax, CancellationToken cancellationToken) => RunAsync(
        async limit =>
        {
            PipelineDefinition<BsonDocument, BsonDocument> pipeline = new[]
            {
                new BsonDocument("$match", MayBeHeardBy(actor)),
                new BsonDocument("$project", new BsonDocument("genres", 1)),
                new BsonDocument("$unwind", "$genres"),
                new BsonDocument("$group", new BsonDocument
                {
                    { "_id", "$genres.term" },
                    { "text", new BsonDocument("$min", "$genres.text") },
                    { "count", new BsonDocument("$sum", 1) },
                }),
                new BsonDocument("$sort", new BsonDocument { { "count", -1 }, { "text", 1 } }),
                new BsonDocument("$limit", countMax),
            };
            using var rows = await ScannedTracks.AggregateAsync(pipeline, cancellationToken: limit);
            var genres = await rows.ToListAsync(limit);
            return genres
                .Select(genre => new GenreCount(genre["text"].AsString, genre["count"].ToInt64()))
                .ToImmutableArray();
        },
        cancellationToken);

    public async Task<ImmutableArray<TrackCard>> FindCardsAsync(
        ImmutableArray<Guid> trackIds, CancellationToken cancellationToken)
    {
        if (trackIds.IsEmpty)
            return [];
        var ids = new BsonArray(trackIds.Select(TrackDocument.Text));
        var found = await FindAsync(
            Tracks,
            new BsonDocument("_id", new BsonDocument("$in", ids)),
            [],
            countMax: 0,
            CardFields,
            cancellationToken);
        return [.. found.Select(TrackDocument.ReadCard)];
    }

    public async Task<ImmutableArray<CatalogHit>> FindByTermAsync(
        Actor actor, CatalogTermKind kind, string term, int countMax, CancellationToken cancellationToken)
    {
        var hits = ImmutableArray.CreateBuilder<CatalogHit>();
        if (actor.UserId is { } userId)
            await AddAsync(new BsonDocument(TrackDocument.Owner, TrackDocument.Text(userId)));
        if (hits.Count < countMax)
        {
            var others = MayBeHeardBy(actor);
            if (actor.UserId is { } self)
                others.Add(TrackDocument.Owner, new BsonDocument("$ne", TrackDocument.Text(self)));
            await AddAsync(others);
        }

        return [.. hits.Take(countMax)];

        async Task AddAsync(BsonDocument heard)
        {
            var key = TrackDocument.KeyOf(kind, term);
            var found = await FindAsync(
                Tracks,
                new BsonDocument("$and", new BsonArray { new BsonDocument(TrackDocument.Term, key), heard }),
                new BsonDocument(TrackDocument.AgeOrder, 1),
                countMax - hits.Count,
                new BsonDocument("terms", 1),
                cancellationToken);
            foreach (var track in found)
                hits.AddRange(TrackDocument.ReadHits(track, key));
        }
    }

    private static BsonDocument ById(Guid trackId) => new("_id", TrackDocument.Text(trackId));

    private static (string Field, int Direction) OrderOf(CatalogSort sort) => sort switch
    {
        CatalogSort.Title => (TrackDocument.TitleOrder, 1),
        CatalogSort.AddedAt => (TrackDocument.AgeOrder, -1),
        _ => (TrackDocument.ArtistOrder, 1),
    };

    /// <summary>The same rule as <see cref="TrackAccess.MayHear"/>.</summary>
    private static BsonDocument MayBeHeardBy(Actor actor)
    {
        var everybody = new BsonDocument(TrackDocument.Visibility, TrackDocument.Text(TrackVisibility.Public));
        if (actor.UserId is not { } userId)
            return everybody;
        return new BsonDocument("$or", new BsonArray
        {
            everybody,
            new BsonDocument(TrackDocument.Visibility, TrackDocument.Text(TrackVisibility.Members)),
            new BsonDocument(TrackDocument.Owner, TrackDocument.Text(userId)),
        });
    }

    private static BsonArray Conditions(Actor actor, CatalogQuery query)
    {
        var conditions = new BsonArray { MayBeHeardBy(actor) };
        AddTerm(CatalogTermKind.Genre, query.Genre);
        AddTerm(CatalogTermKind.Artist, query.Artist);
        AddTerm(CatalogTermKind.Album, query.Album);
        if (query.YearFrom is { } from)
            conditions.Add(new BsonDocument(TrackDocument.Year, new BsonDocument("$gte", from)));
        if (query.YearTo is { } to)
            conditions.Add(new BsonDocument(TrackDocument.Year, new BsonDocument("$lte", to)));
        var words = query.Text is null ? "" : FoldedText.Of(query.Text);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // Folded words hold letters and digits only, so none of them means anything to a regular expression.
            conditions.Add(new BsonDocument(TrackDocument.SearchText, new BsonRegularExpression(word)));
        }

        return conditions;

        void AddTerm(CatalogTermKind kind, string? text)
        {
            if (text is not null)
                conditions.Add(new BsonDocument(TrackDocument.Term, TrackDocument.KeyOf(kind, FoldedText.Of(text))));
        }
    }

    /// <param name="tracks">The collection, as the primary or as any server gives it.</param>
    /// <param name="filter">What to look for.</param>
    /// <param name="sort">In which order; without fields, in any.</param>
    /// <param name="countMax">How many; 0 for all.</param>
    /// <param name="fields">What of each.</param>
    /// <param name="cancellationToken">Whether anybody still waits for it.</param>
    private Task<List<BsonDocument>> FindAsync(
        IMongoCollection<BsonDocument> tracks,
        BsonDocument filter,
        BsonDocument sort,
        int countMax,
        BsonDocument fields,
        CancellationToken cancellationToken) => RunAsync(
        async limit =>
        {
            var options = new FindOptions<BsonDocument>
            {
                Sort = sort.ElementCount == 0 ? null : sort,
                Limit = countMax == 0 ? null : countMax,
                Projection = fields,
            };
            using var rows = await tracks.FindAsync(filter, options, limit);
            return await rows.ToListAsync(limit);
        },
        cancellationToken);

    private async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        try
        {
            return await database.RunAsync(Kind, operation, cancellationToken);
        }
        catch (MongoDbUnavailableException failure)
        {
            throw new IndiiException(
                ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);
        }
    }
}

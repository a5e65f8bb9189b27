using System.Collections.Immutable;
using System.Text.Json;
using IndiiMusic.Grains.Catalog;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Infrastructure.Catalog;
using IndiiMusic.Infrastructure.Documents;
using Microsoft.Data.Sqlite;

namespace IndiiMusic.Infrastructure.Sqlite;

/// <summary>
/// The catalog in the embedded database: a row per track, and beside it the terms that it is looked up by.
/// </summary>
internal sealed class SqliteTrackCatalog(SqliteWriter writer, SqliteReaders readers) : ITrackCatalog
{
    private const string CardColumns =
        "t.track_id, t.title, t.artists, t.album, t.duration_ms, t.visibility, t.owner_id, t.has_artwork";

    // $1 is the caller's user id. The same rule as TrackAccess.MayHear, in the numbers of TrackVisibility.
    private const string MayHear =
        "(t.visibility = 2 OR ($1 IS NOT NULL AND (t.visibility = 0 OR t.owner_id = $1)))";

    public Task UpsertAsync(CatalogTrack track, CancellationToken cancellationToken) =>
        WriteAsync(session => Upsert(session, track), cancellationToken);

    public Task RemoveAsync(Guid trackId, CancellationToken cancellationToken)
    {
        var id = Text(trackId);
        return WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM catalog_terms WHERE track_id = $1", id);
                session.Execute("DELETE FROM imported_files WHERE became_id = $1", id);
                return session.Execute("DELETE FROM catalog_tracks WHERE track_id = $1", id);
            },
            cancellationToken);
    }

    public Task<long?> FindRevisionAsync(Guid trackId, CancellationToken cancellationToken) => Task.FromResult(
        (long?)Read(session => session.Scalar(
            "SELECT revision FROM catalog_tracks WHERE track_id = $1", Text(trackId))));

    public Task<Page<TrackCard>> ListAsync(Actor actor, CatalogQuery query, CancellationToken cancellationToken)
    {
        var order = CatalogOrder.Of(query.Sort);
        var after = query.Cursor is null ? null : CatalogCursor.Read(query.Cursor, query.Sort, order.Columns.Length);

        // A filter that few tracks pass makes SQLite walk many rows, which must not hold up a grain's thread.
        return Task.Run(() => Read(session => List(session, actor, query, order, after)), cancellationToken);
    }

    public Task<ImmutableArray<GenreCount>> ListGenresAsync(
        Actor actor, int countMax, CancellationToken cancellationToken) => Task.Run(
        () => Read(session =>
        {
            using var rows = session.Query(
                $"""
                SELECT MIN(g.text), COUNT(DISTINCT g.track_id) FROM catalog_terms g
                JOIN catalog_tracks t ON t.track_id = g.track_id
                WHERE g.kind = $2 AND {MayHear} GROUP BY g.term ORDER BY 2 DESC, 1 LIMIT $3
                """,
                Text(actor.UserId), (int)CatalogTermKind.Genre, countMax);
            var genres = ImmutableArray.CreateBuilder<GenreCount>();
            while (rows.Read())
                genres.Add(new GenreCount(rows.GetString(0), rows.GetInt64(1)));
            return genres.ToImmutable();
        }),
        cancellationToken);

    public Task<ImmutableArray<TrackCard>> FindCardsAsync(
        ImmutableArray<Guid> trackIds, CancellationToken cancellationToken)
    {
        if (trackIds.IsEmpty)
            return Task.FromResult(ImmutableArray<TrackCard>.Empty);
        var ids = JsonSerializer.Serialize(trackIds.Select(id => Text(id)));
        return Task.FromResult(Read(session =>
        {
            using var rows = session.Query(
                $"SELECT {CardColumns} FROM catalog_tracks t WHERE t.track_id IN (SELECT value FROM json_each($1))",
                ids);
            var cards = ImmutableArray.CreateBuilder<TrackCard>(trackIds.Length);
            while (rows.Read())
                cards.Add(Card(rows));
            return cards.ToImmutable();
        }));
    }

    public Task<ImmutableArray<CatalogHit>> FindByTermAsync(
        Actor actor, CatalogTermKind kind, string term, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult(Read(session =>
        {
            using var rows = session.Query(
                $"""
                SELECT t.track_id, f.text FROM catalog_terms f JOIN catalog_tracks t ON t.track_id = f.track_id
                WHERE f.kind = $2 AND f.term = $3 AND {MayHear}
                ORDER BY t.owner_id IS $1 DESC, t.added_at, t.track_id LIMIT $4
                """,
                Text(actor.UserId), (int)kind, term, countMax);
            var hits = ImmutableArray.CreateBuilder<CatalogHit>();
            while (rows.Read())
                hits.Add(new CatalogHit(Guid.Parse(rows.GetString(0)), rows.GetString(1)));
            return hits.ToImmutable();
        }));

    internal static IndiiException Unavailable(SqliteUnavailableException failure) => new(
        ErrorCode.StorageUnavailable, "Storage does not answer or has no room. Try again later.", failure);

    private static bool Upsert(SqliteSession session, CatalogTrack track)
    {
        var card = track.Card;
        var tags = track.Tags;
        var id = Text(card.TrackId);
        var revision = session.Scalar("SELECT revision FROM catalog_tracks WHERE track_id = $1", id);
        if (revision is long present && present >= track.Revision)
            return false;

        session.Execute(
            """
            INSERT OR REPLACE INTO catalog_tracks (
                track_id, revision, owner_id, visibility, title, artists, album, duration_ms, has_artwork, year,
                added_at,
                sort_artist, sort_album, disc_number, track_number, sort_title, search_text)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            id,
            track.Revision,
            Text(card.OwnerId),
            (int)card.Visibility,
            card.Title,
            JsonSerializer.Serialize(card.Artists),
            card.Album,
            card.DurationMs,
            card.HasArtwork ? 1 : 0,
            tags.Year,
            TimeText.Text(track.AddedAt),
            FoldedText.Of(tags.AlbumArtist ?? tags.Artists.FirstOrDefault() ?? ""),
            FoldedText.Of(tags.Album ?? ""),
            tags.DiscNumber ?? 0,
            tags.TrackNumber ?? 0,
            FoldedText.Of(tags.Title),
            FoldedText.Of(string.Join(' ', [tags.Title, .. tags.Artists, tags.AlbumArtist ?? "", tags.Album ?? ""])));
        session.Execute("DELETE FROM catalog_terms WHERE track_id = $1", id);
        foreach (var term in CatalogTerm.Of(track))
        {
            session.Execute(
                "INSERT OR IGNORE INTO catalog_terms (kind, term, track_id, text) VALUES ($1, $2, $3, $4)",
                (int)term.Kind, term.Term, id, term.Text);
        }

        return true;
    }

    private static Page<TrackCard> List(
        SqliteSession session, Actor actor, CatalogQuery query, CatalogOrder order, object[]? after)
    {
        var words = query.Text is null
            ? []
            : FoldedText.Of(query.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var rows = session.Query(
            after is null ? order.FirstPage : order.NextPage,
            [
                Text(actor.UserId),
                query.Genre is null ? null : FoldedText.Of(query.Genre),
                query.Artist is null ? null : FoldedText.Of(query.Artist),
                query.Album is null ? null : FoldedText.Of(query.Album),
                query.YearFrom,
                query.YearTo,
                JsonSerializer.Serialize(words),
                query.Limit + 1,
                .. after ?? [],
            ]);
        var cards = ImmutableArray.CreateBuilder<TrackCard>();
        object[] keys = [];
        while (rows.Read())
        {
            if (cards.Count == query.Limit)
                return new Page<TrackCard>(cards.ToImmutable(), CatalogCursor.Write(query.Sort, keys));
            cards.Add(Card(rows));
            keys = order.Keys(rows);
        }

        return new Page<TrackCard>(cards.ToImmutable(), NextCursor: null);
    }

    private static TrackCard Card(SqliteDataReader rows) => new(
        Guid.Parse(rows.GetString(0)),
        rows.GetString(1),
        JsonSerializer.Deserialize<ImmutableArray<string>>(rows.GetString(2)),
        rows.IsDBNull(3) ? null : rows.GetString(3),
        rows.GetInt64(4),
        (TrackVisibility)rows.GetInt32(5),
        rows.IsDBNull(6) ? null : Guid.Parse(rows.GetString(6)),
        rows.GetInt32(7) == 1);

    private static string? Text(Guid? id) => id?.ToString("D");

    private async Task WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(work, cancellationToken);
        }
        catch (SqliteUnavailableException failure)
        {
            throw Unavailable(failure);
        }
    }

    private T Read<T>(Func<SqliteSession, T> query)
    {
        try
        {
            return readers.Read(query);
        }
        catch (SqliteUnavailableException failure)
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>
    /// An order of the list: its columns make every row's place unique, and an index serves it. Filters that are null
    /// let everything pass, so that there are two statements per order and no more.
    /// </summary>
    private sealed class CatalogOrder
    {
        private const int CardColumnCount = 8;
        private const int FilterParameters = 8;

        private static readonly CatalogOrder ByArtist = new(
            ">", "sort_artist", "sort_album", "disc_number", "track_number", "sort_title", "track_id");

        private static readonly CatalogOrder ByTitle = new(">", "sort_title", "track_id");

        private static readonly CatalogOrder ByAge = new("<", "added_at", "track_id");

        private CatalogOrder(string comparison, params string[] columns)
        {
            Columns = columns;
            var direction = comparison == ">" ? "ASC" : "DESC";
            var orderBy = string.Join(", ", columns.Select(column => $"t.{column} {direction}"));
            var names = string.Join(", ", columns.Select(column => $"t.{column}"));
            var values = string.Join(", ", columns.Select((_, index) => $"${FilterParameters + 1 + index}"));
            var select = $"""
                SELECT {CardColumns}, {names} FROM catalog_tracks t
                WHERE {MayHear}
                    AND {HasTerm("$2", CatalogTermKind.Genre)}
                    AND {HasTerm("$3", CatalogTermKind.Artist)}
                    AND {HasTerm("$4", CatalogTermKind.Album)}
                    AND ($5 IS NULL OR t.year >= $5)
                    AND ($6 IS NULL OR t.year <= $6)
                    AND NOT EXISTS (SELECT 1 FROM json_each($7) word WHERE instr(t.search_text, word.value) = 0)
                """;
            FirstPage = $"{select} ORDER BY {orderBy} LIMIT $8";
            NextPage = $"{select} AND ({names}) {comparison} ({values}) ORDER BY {orderBy} LIMIT $8";
        }

        public string[] Columns { get; }

        public string FirstPage { get; }

        public string NextPage { get; }

        public static CatalogOrder Of(CatalogSort sort) => sort switch
        {
            CatalogSort.Title => ByTitle,
            CatalogSort.AddedAt => ByAge,
            _ => ByArtist,
        };

        public object[] Keys(SqliteDataReader rows) =>
            [.. Columns.Select((_, index) => rows.GetValue(CardColumnCount + index))];

        private static string HasTerm(string parameter, CatalogTermKind kind) =>
            $"""
            ({parameter} IS NULL OR EXISTS (SELECT 1 FROM catalog_terms f
                WHERE f.kind = {(int)kind} AND f.term = {parameter} AND f.track_id = t.track_id))
            """;
    }
}

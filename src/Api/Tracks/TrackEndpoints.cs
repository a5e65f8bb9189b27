using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Catalog;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Tracks;

/// <summary>Tracks and lists of them. Who may hear a track is decided by the track.</summary>
internal static class TrackEndpoints
{
    public static void MapTracks(this IEndpointRouteBuilder api)
    {
        var tracks = api.MapGroup("/tracks").WithTags("Tracks").Requires(Permissions.WriteTracks);
        tracks.MapGet("", ListTracks).Admits(Permissions.ReadTracks);
        tracks.MapGet("/{id:guid}", GetTrack).Admits(Permissions.ReadTracks);
        tracks.MapPatch("/{id:guid}", ChangeTrack)
            .Fails(ErrorCode.Forbidden, ErrorCode.VersionMismatch, ErrorCode.LimitExceeded);
        tracks.MapDelete("/{id:guid}", RemoveTrack).Fails(ErrorCode.Forbidden);
        tracks.MapTrackMedia();
        tracks.MapTrackUploads();

        api.MapGroup("/genres").WithTags("Tracks").MapGet("", ListGenres).Admits(Permissions.ReadTracks);
    }

    /// <summary>Tracks that the caller may hear.</summary>
    private static async Task<Ok<TracksResponse>> ListTracks(
        [AsParameters] TracksQuery query,
        HttpContext context,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        var page = await grains.GetGrain<ICatalogGrain>(0)
            .List(context.GetActor(), query.ToCatalogQuery(), cancellationToken);
        return TypedResults.Ok(new TracksResponse([.. page.Items.Select(TrackItemResponse.Of)], page.NextCursor));
    }

    /// <summary>Genres of the tracks that the caller may hear.</summary>
    private static async Task<Ok<GenresResponse>> ListGenres(
        HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var genres = await grains.GetGrain<ICatalogGrain>(0).ListGenres(context.GetActor(), cancellationToken);
        return TypedResults.Ok(
            new GenresResponse([.. genres.Select(genre => new GenreResponse(genre.Genre, genre.TrackCount))], null));
    }

    /// <summary>All that is known of a track.</summary>
    private static async Task<Results<Ok<TrackResponse>, StatusCodeHttpResult>> GetTrack(
        Guid id, HttpContext context, IGrainFactory grains)
    {
        var track = await grains.GetGrain<ITrackGrain>(id).Get(context.GetActor());
        var tag = TagOf(track);
        var headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { Private = true, NoCache = true };
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(
            known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
                ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
                : TypedResults.Ok(TrackResponse.Of(track));
    }

    /// <summary>Change a track's metadata. Its owner may, or for the library's a curator.</summary>
    private static async Task<Ok<TrackResponse>> ChangeTrack(
        Guid id,
        TrackMetadataRequest request,
        HttpContext context,
        IGrainFactory grains,
        TrackCards cards,
        CancellationToken cancellationToken)
    {
        var track = await grains.GetGrain<ITrackGrain>(id)
            .Edit(context.GetActor(), request.ToEdit(), IfMatch(context.Request), cancellationToken);
        await cards.ForgetAsync(id);
        context.Response.GetTypedHeaders().ETag = TagOf(track);
        return TypedResults.Ok(TrackResponse.Of(track));
    }

    /// <summary>Remove a track. Its owner may, or a moderator.</summary>
    private static async Task<NoContent> RemoveTrack(
        Guid id, HttpContext context, IGrainFactory grains, TrackCards cards, CancellationToken cancellationToken)
    {
        await grains.GetGrain<ITrackGrain>(id).Remove(context.GetActor(), cancellationToken);
        await cards.ForgetAsync(id);
        return TypedResults.NoContent();
    }

    internal static EntityTagHeaderValue TagOf(TrackView track) => new($"\"{track.Revision}\"");

    private static long? IfMatch(HttpRequest request)
    {
        var tags = request.GetTypedHeaders().IfMatch;
        if (tags.Count == 0 || tags[0].Equals(EntityTagHeaderValue.Any))
            return null;
        return tags.Count == 1 && !tags[0].IsWeak && long.TryParse(tags[0].Tag.AsSpan().Trim('"'), out var revision)
            ? revision
            : throw new IndiiException(ErrorCode.VersionMismatch, "If-Match is no ETag that this track gave.");
    }
}

/// <summary>Which tracks to list. Texts match without regard to case and accents.</summary>
/// <param name="Query">Words that must all stand in title, artists or album.</param>
/// <param name="Artist">One of the artists, or the album artist.</param>
/// <param name="Album">The album.</param>
/// <param name="Genre">One of the genres.</param>
/// <param name="YearFrom">The year at least.</param>
/// <param name="YearTo">The year at most.</param>
/// <param name="Sort">artist (then album, disc, number; the default), title, or addedAt (newest first).</param>
/// <param name="Limit">Tracks on the page, 1 to 500; 50 when left out.</param>
/// <param name="Cursor">The nextCursor of the page before.</param>
public sealed record TracksQuery(
    [FromQuery] string? Query,
    [FromQuery] string? Artist,
    [FromQuery] string? Album,
    [FromQuery] string? Genre,
    [FromQuery] int? YearFrom,
    [FromQuery] int? YearTo,
    [FromQuery] string? Sort,
    [FromQuery] int? Limit,
    [FromQuery] string? Cursor)
{
    private const int TextCharactersMax = 500;

    internal CatalogQuery ToCatalogQuery() => new(
        Bounded("query", Query),
        Bounded("artist", Artist),
        Bounded("album", Album),
        Bounded("genre", Genre),
        YearFrom,
        YearTo,
        Sort switch
        {
            null or "artist" => CatalogSort.Artist,
            "title" => CatalogSort.Title,
            "addedAt" => CatalogSort.AddedAt,
            _ => throw IndiiException.Invalid($"sort is '{Sort}'; it may be artist, title or addedAt."),
        },
        PageLimits.Of(Limit),
        Cursor is "" ? null : Cursor);

    private static string? Bounded(string name, string? text) => text switch
    {
        null or "" => null,
        { Length: <= TextCharactersMax } => text,
        _ => throw IndiiException.Invalid($"{name} may have {TextCharactersMax} characters at most."),
    };
}

using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Library;

/// <summary>The caller's favourite tracks.</summary>
internal static class FavouritesEndpoints
{
    public static void MapFavourites(this IEndpointRouteBuilder me)
    {
        me.MapGet("/favourites", List).Requires(Permissions.ReadPlaylists);
        me.MapGet("/favourites/{trackId:guid}", Read).Requires(Permissions.ReadPlaylists);
        me.MapPut("/favourites/{trackId:guid}", Add).Fails(ErrorCode.LimitExceeded);
        me.MapDelete("/favourites/{trackId:guid}", Remove);
    }

    /// <summary>The caller's favourite tracks, last added first.</summary>
    private static async Task<TaggedJson<FavouritesResponse>> List(
        int? limit, string? cursor, IGrainFactory grains, TrackCards trackCards, HttpContext context)
    {
        var viewer = context.GetActor();
        var page = await Of(viewer, grains).GetPage(PageLimits.Of(limit), cursor);
        var cards = await trackCards.GetAsync(
            [.. page.Items.Select(favourite => favourite.TrackId)], context.RequestAborted);
        var items = page.Items.Select(favourite => ToResponse(favourite, cards, viewer));
        return new TaggedJson<FavouritesResponse>(new FavouritesResponse([.. items], page.NextCursor));
    }

    /// <summary>Whether a track is a favourite: 404 where it is none.</summary>
    private static async Task<TaggedJson<FavouriteResponse>> Read(
        Guid trackId, IGrainFactory grains, TrackCards trackCards, HttpContext context)
    {
        var viewer = context.GetActor();
        var favourite = await Of(viewer, grains).Find(trackId) ?? throw IndiiException.NotFound("favourite");
        var cards = await trackCards.GetAsync([trackId], context.RequestAborted);
        return new TaggedJson<FavouriteResponse>(ToResponse(favourite, cards, viewer));
    }

    /// <summary>Make a track a favourite.</summary>
    private static async Task<Ok<FavouriteResponse>> Add(Guid trackId, IGrainFactory grains, HttpContext context)
    {
        // The track itself is asked, as a card in memory may be from before it was brought in.
        var viewer = context.GetActor();
        var card = await grains.GetGrain<ITrackGrain>(trackId).GetCard();
        if (card is null || !card.MayBeHeardBy(viewer))
            throw IndiiException.NotFound("track");

        var favourite = await Of(viewer, grains).Add(trackId);
        var cards = new Dictionary<Guid, TrackCard> { [trackId] = card };
        return TypedResults.Ok(ToResponse(favourite, cards, viewer));
    }

    /// <summary>Make a track no favourite any more.</summary>
    private static async Task<NoContent> Remove(Guid trackId, IGrainFactory grains, HttpContext context)
    {
        await Of(context.GetActor(), grains).Remove(trackId);
        return TypedResults.NoContent();
    }

    private static IFavouritesGrain Of(Actor actor, IGrainFactory grains) =>
        grains.GetGrain<IFavouritesGrain>(actor.RequireUser());

    private static FavouriteResponse ToResponse(
        FavouriteTrack favourite, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer) => new(
        favourite.TrackId, favourite.AddedAt, PlaylistResponseMapping.ToTrack(favourite.TrackId, cards, viewer));
}

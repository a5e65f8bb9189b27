using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Playlists;

/// <summary>Tracks that were proposed and wait for an answer.</summary>
internal static class SuggestionEndpoints
{
    public static void MapSuggestions(this IEndpointRouteBuilder playlist)
    {
        var suggestions = playlist.MapGroup("/suggestions").Fails(ErrorCode.Forbidden);
        suggestions.MapGet("/", List);
        suggestions.MapPost("/{suggestionId:int}/approve", Approve)
            .Fails(ErrorCode.DuplicateTrack, ErrorCode.LimitExceeded);
        suggestions.MapPost("/{suggestionId:int}/decline", Decline);
    }

    /// <summary>Suggestions that wait for an answer; suggesters see their own.</summary>
    private static async Task<TaggedJson<SuggestionsResponse>> List(
        Guid id, int? limit, string? cursor, IGrainFactory grains, TrackCards trackCards, HttpContext context)
    {
        var viewer = context.GetActor();
        var page = await grains.GetGrain<IPlaylistGrain>(id).GetSuggestions(
            viewer, After(cursor), PageLimits.Of(limit));
        var trackIds = page.Items.SelectMany(suggestion => suggestion.TrackIds).ToHashSet();
        var cards = await trackCards.GetAsync(trackIds, context.RequestAborted);
        var items = page.Items.Select(suggestion => ToResponse(suggestion, cards, viewer));
        return new TaggedJson<SuggestionsResponse>(new SuggestionsResponse([.. items], page.NextCursor));
    }

    /// <summary>Add what was suggested, in the suggester's name.</summary>
    private static Task<Ok<CommandResponse>> Approve(
        Guid id, int suggestionId, IGrainFactory grains, HttpContext context) =>
        Resolve(id, suggestionId, approve: true, grains, context);

    /// <summary>Decline a suggestion, or withdraw one's own.</summary>
    private static Task<Ok<CommandResponse>> Decline(
        Guid id, int suggestionId, IGrainFactory grains, HttpContext context) =>
        Resolve(id, suggestionId, approve: false, grains, context);

    private static async Task<Ok<CommandResponse>> Resolve(
        Guid id, int suggestionId, bool approve, IGrainFactory grains, HttpContext context)
    {
        var result = await grains.GetGrain<IPlaylistGrain>(id).ResolveSuggestion(
            context.GetActor(), suggestionId, approve);
        return TypedResults.Ok(result.ToResponse());
    }

    private static SuggestionResponse ToResponse(
        SuggestionView suggestion, IReadOnlyDictionary<Guid, TrackCard> cards, Actor viewer) => new(
        suggestion.SuggestionId,
        [
            .. suggestion.TrackIds.Select(trackId =>
                new SuggestedTrackResponse(trackId, PlaylistResponseMapping.ToTrack(trackId, cards, viewer))),
        ],
        suggestion.After is { } after ? new EntryAnchor(after) : null,
        suggestion.SuggestedBy,
        suggestion.SuggestedAt);

    private static int? After(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        return int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw IndiiException.Invalid([new FieldError("cursor", "is not a nextCursor of this list.")]);
    }
}

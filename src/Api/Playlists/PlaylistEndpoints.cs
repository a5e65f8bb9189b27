using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Idempotency;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Playlists;

/// <summary>A playlist itself: making, reading, changing and deleting it.</summary>
public static class PlaylistEndpoints
{
    /// <summary>Maps the routes of playlists and invites.</summary>
    public static IEndpointRouteBuilder MapPlaylists(this IEndpointRouteBuilder api)
    {
        var playlists = api.MapGroup("/playlists").WithTags("Playlists").Requires(Permissions.WritePlaylists);
        playlists.MapPost("/", Create).Fails(ErrorCode.LimitExceeded);

        var playlist = playlists.MapGroup("/{id:guid}");
        playlist.MapGet("/", Read)
            .Admits(Permissions.ReadPlaylists)
            .Produces(StatusCodes.Status304NotModified)
            .Fails(ErrorCode.Unauthenticated);
        playlist.MapPatch("/", Change)
            .Fails(ErrorCode.Forbidden, ErrorCode.VersionMismatch, ErrorCode.LimitExceeded);
        playlist.MapDelete("/", Delete)
            .Fails(ErrorCode.Forbidden, ErrorCode.VersionMismatch);
        playlist.MapEntries();
        playlist.MapHistory();
        playlist.MapCollaborators();
        playlist.MapInvites();
        playlist.MapSuggestions();
        api.MapInviteAcceptance();
        return api;
    }

    /// <summary>The id of an operation that the caller need not name: the Idempotency-Key, or a new one.</summary>
    internal static string OperationId(HttpContext context)
    {
        var key = context.Request.Headers["Idempotency-Key"];
        return key.Count == 1 && !string.IsNullOrEmpty(key[0]) ? key[0]! : Guid.CreateVersion7().ToString();
    }

    /// <summary>Answers with a playlist that was just made.</summary>
    internal static Created<PlaylistResponse> Created(HttpContext context, PlaylistView playlist)
    {
        context.Response.Headers.ETag = ETagOf(playlist);
        return TypedResults.Created($"{ApiRoutes.Base}/playlists/{playlist.Id}", playlist.ToResponse());
    }

    /// <summary>Make a playlist; its maker owns it.</summary>
    private static async Task<Created<PlaylistResponse>> Create(
        CreatePlaylistRequest request, IGrainFactory grains, HttpContext context)
    {
        var check = default(RequestCheck);
        check.Require(!string.IsNullOrWhiteSpace(request.Name), "name");
        check.ThrowIfAny();
        var keyed = context.Features.Get<IdempotencyFeature>();
        var playlist = grains.GetGrain<IPlaylistGrain>(keyed?.DerivedId ?? Guid.CreateVersion7());
        var details = new CreatePlaylist(
            request.Name!,
            request.Description,
            request.Visibility ?? PlaylistVisibility.Private,
            request.Duplicates ?? DuplicatePolicy.Allow,
            [.. request.TrackIds ?? []]);
        try
        {
            return Created(context, await playlist.Create(context.GetActor(), details));
        }
        catch (IndiiException made) when (keyed is not null && made.Code == ErrorCode.AlreadyExists)
        {
            // The same request made it, and its answer was lost before it could be remembered.
            return Created(context, await playlist.Get(context.GetActor()));
        }
    }

    /// <summary>A playlist without its entries, and what the caller may do with it.</summary>
    private static async Task<Results<Ok<PlaylistResponse>, StatusCodeHttpResult>> Read(
        Guid id, IGrainFactory grains, HttpContext context)
    {
        var playlist = await grains.GetGrain<IPlaylistGrain>(id).Get(context.GetActor());
        var etag = ETagOf(playlist);
        context.Response.Headers.ETag = etag;
        context.Response.Headers.CacheControl = Utf8Answer.AskFirst;
        return Preconditions.IsNotModified(context, etag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(playlist.ToResponse());
    }

    /// <summary>Change name, description, visibility or duplicate policy.</summary>
    private static async Task<Results<Ok<PlaylistResponse>, NoContent>> Change(
        Guid id, ChangeDetailsRequest request, IGrainFactory grains, HttpContext context)
    {
        var details = new SetDetails(request.Name, request.Description, request.Visibility, request.Duplicates);
        if (details == new SetDetails())
            throw IndiiException.Invalid("Send at least one of name, description, visibility and duplicates.");

        var actor = context.GetActor();
        var playlist = grains.GetGrain<IPlaylistGrain>(id);
        await playlist.Execute(
            actor,
            new PlaylistCommand(OperationId(context), [details], IfDetailsVersion: Preconditions.IfMatch(context)));
        try
        {
            var changed = await playlist.Get(actor);
            context.Response.Headers.ETag = ETagOf(changed);
            return TypedResults.Ok(changed.ToResponse());
        }
        catch (IndiiException hidden) when (hidden.Code == ErrorCode.NotFound)
        {
            // What a moderator made private, they cannot read any more.
            return TypedResults.NoContent();
        }
    }

    /// <summary>Delete a playlist for everybody.</summary>
    private static async Task<NoContent> Delete(Guid id, IGrainFactory grains, HttpContext context)
    {
        await grains.GetGrain<IPlaylistGrain>(id).Delete(context.GetActor(), Preconditions.IfMatch(context));
        return TypedResults.NoContent();
    }

    /// <summary>The version decides all of the body but what the caller is to the playlist.</summary>
    private static string ETagOf(PlaylistView playlist) => string.Create(
        CultureInfo.InvariantCulture,
        $"\"{playlist.Versions.DetailsVersion}-{playlist.Versions.Version}-"
        + $"{(int?)playlist.Role ?? 0}-{(int)playlist.Capabilities:x}\"");
}

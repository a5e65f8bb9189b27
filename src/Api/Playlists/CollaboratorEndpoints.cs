using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Playlists;

/// <summary>Who has which role in a playlist.</summary>
internal static class CollaboratorEndpoints
{
    public static void MapCollaborators(this IEndpointRouteBuilder playlist)
    {
        playlist.MapGet("/collaborators", List).Requires(Permissions.ReadPlaylists).Fails(ErrorCode.Forbidden);
        playlist.MapPut("/collaborators/{userId:guid}", Set)
            .Fails(ErrorCode.Forbidden, ErrorCode.LastOwner, ErrorCode.LimitExceeded);
        playlist.MapDelete("/collaborators/{userId:guid}", Remove)
            .Fails(ErrorCode.Forbidden, ErrorCode.LastOwner);
    }

    /// <summary>A user's name for people to read; null for a user that is gone.</summary>
    internal static Task<UserCard?> FindUser(this IGrainFactory grains, Guid userId) =>
        grains.GetGrain<IUserGrain>(userId).FindCard();

    /// <summary>Who has which role, by user id.</summary>
    private static async Task<TaggedJson<CollaboratorsResponse>> List(
        Guid id, int? limit, string? cursor, IGrainFactory grains, HttpContext context)
    {
        var page = await grains.GetGrain<IPlaylistGrain>(id).GetCollaborators(
            context.GetActor(), After(cursor), PageLimits.Of(limit));
        var users = await Task.WhenAll(page.Items.Select(collaborator => grains.FindUser(collaborator.UserId)));
        var items = page.Items.Zip(users, ToResponse);
        return new TaggedJson<CollaboratorsResponse>(new CollaboratorsResponse([.. items], page.NextCursor));
    }

    /// <summary>Give a user a role, or another one.</summary>
    private static async Task<Ok<CollaboratorResponse>> Set(
        Guid id, Guid userId, CollaboratorRequest request, IGrainFactory grains, HttpContext context)
    {
        var check = default(RequestCheck);
        check.Require(request.Role is not null, "role");
        check.ThrowIfAny();
        var user = await grains.FindUser(userId) ?? throw IndiiException.NotFound("user");
        var collaborator = await grains.GetGrain<IPlaylistGrain>(id).SetCollaborator(
            context.GetActor(), userId, request.Role!.Value);
        return TypedResults.Ok(ToResponse(collaborator, user));
    }

    /// <summary>Take a user's role away; everybody may leave.</summary>
    private static async Task<NoContent> Remove(
        Guid id, Guid userId, bool? removeEntries, IGrainFactory grains, HttpContext context)
    {
        await grains.GetGrain<IPlaylistGrain>(id).RemoveCollaborator(
            context.GetActor(), userId, removeEntries ?? false);
        return TypedResults.NoContent();
    }

    private static CollaboratorResponse ToResponse(CollaboratorView collaborator, UserCard? user) => new(
        collaborator.UserId, user?.Username, user?.DisplayName, collaborator.Role, collaborator.Since);

    private static Guid? After(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        return Guid.TryParse(cursor, out var after)
            ? after
            : throw IndiiException.Invalid([new FieldError("cursor", "is not a nextCursor of this list.")]);
    }
}

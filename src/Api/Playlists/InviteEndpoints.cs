using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Playlists;

/// <summary>Invite links, and the users who wait to be let in by one.</summary>
internal static class InviteEndpoints
{
    public static void MapInvites(this IEndpointRouteBuilder playlist)
    {
        var invites = playlist.MapGroup("/invites").Fails(ErrorCode.Forbidden);
        invites.MapPost("/", Create).Fails(ErrorCode.LimitExceeded);
        invites.MapGet("/", List);
        invites.MapDelete("/{inviteId:int}", Revoke);

        var requests = playlist.MapGroup("/join-requests").Fails(ErrorCode.Forbidden);
        requests.MapGet("/", ListRequests);
        requests.MapPost("/{userId:guid}/approve", Approve).Fails(ErrorCode.LimitExceeded);
        requests.MapPost("/{userId:guid}/decline", Decline);
    }

    public static void MapInviteAcceptance(this IEndpointRouteBuilder api) =>
        api.MapPost("/invites/{token}/accept", Accept)
            .WithTags("Playlists")
            .Requires(Permissions.WritePlaylists)
            .Fails(ErrorCode.InviteUnusable, ErrorCode.LimitExceeded);

    /// <summary>Make an invite link; its token is in this answer only.</summary>
    private static async Task<Created<InviteResponse>> Create(
        Guid id, InviteRequest request, IGrainFactory grains, HttpContext context)
    {
        var check = default(RequestCheck);
        check.Require(request.Role is not null, "role");
        if (request.MaxUses < 1)
            check.Wrong("maxUses", "may be 1 or more, or left out for any number.");
        check.ThrowIfAny();
        var invite = await grains.GetGrain<IPlaylistGrain>(id).CreateInvite(
            context.GetActor(),
            new CreateInvite(request.Role!.Value, request.ExpiresAt, request.MaxUses, request.Approval));
        return TypedResults.Created(
            $"{ApiRoutes.Base}/playlists/{id}/invites/{invite.InviteId}", ToResponse(invite));
    }

    /// <summary>Invites that can still be used, without their tokens.</summary>
    private static async Task<TaggedJson<InvitesResponse>> List(Guid id, IGrainFactory grains, HttpContext context)
    {
        var invites = await grains.GetGrain<IPlaylistGrain>(id).GetInvites(context.GetActor());
        return new TaggedJson<InvitesResponse>(
            new InvitesResponse([.. invites.Select(ToResponse)], NextCursor: null));
    }

    /// <summary>Withdraw an invite.</summary>
    private static async Task<NoContent> Revoke(Guid id, int inviteId, IGrainFactory grains, HttpContext context)
    {
        await grains.GetGrain<IPlaylistGrain>(id).RevokeInvite(context.GetActor(), inviteId);
        return TypedResults.NoContent();
    }

    /// <summary>Join by an invite, or ask to where it needs approval.</summary>
    private static async Task<Ok<InviteAcceptanceResponse>> Accept(
        string token, IGrainFactory grains, HttpContext context)
    {
        if (InviteToken.Parse(token) is not { PlaylistId: var playlistId })
            throw Unusable();

        try
        {
            var accepted = await grains.GetGrain<IPlaylistGrain>(playlistId).AcceptInvite(context.GetActor(), token);
            return TypedResults.Ok(
                new InviteAcceptanceResponse(accepted.PlaylistId, accepted.Role, accepted.AwaitsApproval));
        }
        catch (IndiiException failure) when (failure.Code == ErrorCode.NotFound)
        {
            // Whoever guesses tokens must not learn which playlists exist.
            throw Unusable();
        }
    }

    /// <summary>Users who wait to be let in.</summary>
    private static async Task<TaggedJson<JoinRequestsResponse>> ListRequests(
        Guid id, IGrainFactory grains, HttpContext context)
    {
        var requests = await grains.GetGrain<IPlaylistGrain>(id).GetJoinRequests(context.GetActor());
        var users = await Task.WhenAll(requests.Select(request => grains.FindUser(request.UserId)));
        var items = requests.Zip(users, (request, user) => new JoinRequestResponse(
            request.UserId, user?.Username, user?.DisplayName, request.Role, request.RequestedAt));
        return new TaggedJson<JoinRequestsResponse>(new JoinRequestsResponse([.. items], NextCursor: null));
    }

    /// <summary>Let a waiting user in.</summary>
    private static Task<NoContent> Approve(Guid id, Guid userId, IGrainFactory grains, HttpContext context) =>
        Resolve(id, userId, approve: true, grains, context);

    /// <summary>Turn a waiting user away.</summary>
    private static Task<NoContent> Decline(Guid id, Guid userId, IGrainFactory grains, HttpContext context) =>
        Resolve(id, userId, approve: false, grains, context);

    private static async Task<NoContent> Resolve(
        Guid id, Guid userId, bool approve, IGrainFactory grains, HttpContext context)
    {
        await grains.GetGrain<IPlaylistGrain>(id).ResolveJoinRequest(context.GetActor(), userId, approve);
        return TypedResults.NoContent();
    }

    private static IndiiException Unusable() => new(
        ErrorCode.InviteUnusable, "The invite is unknown, expired, used up or withdrawn.");

    private static InviteResponse ToResponse(InviteView invite) => new(
        invite.InviteId,
        invite.Token,
        invite.Role,
        invite.ExpiresAt,
        invite.UsesMax,
        invite.Uses,
        invite.Approval,
        invite.CreatedBy,
        invite.CreatedAt);
}

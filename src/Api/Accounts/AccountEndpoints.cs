using System.ComponentModel.DataAnnotations;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Accounts;

/// <summary>One's own account, and the names of others.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Accounts").Requires(Permissions.Profile);
        me.MapGet("", GetMe);
        me.MapPatch("", ChangeMe);
        me.MapAvatar();
        me.MapPersonalTokens();
        me.MapSessions();
        me.MapTwoFactor();

        var users = api.MapGroup("/users").WithTags("Accounts").Requires(Permissions.None);
        users.MapGet("/{id:guid}", GetUser);
        users.MapGet("", FindUsers);
        users.MapPut("/{id:guid}/roles", SetRoles)
            .Requires(Permissions.ManageUsers)
            .Fails(ErrorCode.LastAdministrator, ErrorCode.LimitExceeded);
    }

    /// <summary>One's own account.</summary>
    private static async Task<Ok<ProfileResponse>> GetMe(HttpContext context, IGrainFactory grains)
    {
        var actor = context.GetActor();
        var profile = await grains.GetGrain<IUserGrain>(actor.RequireUser()).GetProfile(actor);
        return TypedResults.Ok(ProfileResponse.Of(profile));
    }

    /// <summary>Change one's own account.</summary>
    private static async Task<Ok<ProfileResponse>> ChangeMe(
        ChangeProfileRequest request, HttpContext context, IGrainFactory grains)
    {
        var actor = context.GetActor();
        var profile = await grains.GetGrain<IUserGrain>(actor.RequireUser())
            .ChangeProfile(actor, new ProfileChanges(request.DisplayName));
        return TypedResults.Ok(ProfileResponse.Of(profile));
    }

    /// <summary>A user's names; for those who may manage users, the roles too.</summary>
    private static async Task<Ok<UserResponse>> GetUser(Guid id, HttpContext context, IGrainFactory grains)
    {
        var user = grains.GetGrain<IUserGrain>(id);
        var card = await user.FindCard() ?? throw IndiiException.NotFound("user");
        var roles = context.GetActor().Has(Permissions.ManageUsers) ? await user.FindRoles() : null;
        return TypedResults.Ok(UserResponse.Of(card, roles));
    }

    /// <summary>Give a user exactly these roles. It takes effect within seconds, on open connections too.</summary>
    private static async Task<Ok<RolesResponse>> SetRoles(
        Guid id, SetRolesRequest request, HttpContext context, IGrainFactory grains)
    {
        var roles = await grains.GetGrain<IRolesGrain>(IRolesGrain.Key)
            .Set(context.GetActor(), id, request.ToRoles());
        return TypedResults.Ok(new RolesResponse(id, Rights.Names(roles)));
    }

    /// <summary>The user of a name, for inviting them. The whole name, in any case.</summary>
    private static async Task<Ok<UsersResponse>> FindUsers(
        [StringLength(AccountLimits.UsernameLengthMax)] string username, IGrainFactory grains)
    {
        var claim = grains.GetGrain<IClaimGrain>(AccountRules.UsernameClaim(username));
        var card = await claim.FindHolder() is { } userId
            ? await grains.GetGrain<IUserGrain>(userId).FindCard()
            : null;
        return TypedResults.Ok(new UsersResponse(card is null ? [] : [UserResponse.Of(card)]));
    }
}

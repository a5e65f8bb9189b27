using System.ComponentModel.DataAnnotations;
using IndiiMusic.Api.Auth;
using IndiiMusic.Grains.Interfaces.Accounts;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Accounts;

/// <summary>One's own account, and the names of others.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Accounts").RequireAuthorization();
        me.MapGet("", GetMe);
        me.MapPatch("", ChangeMe);
        me.MapAvatar();
        me.MapPersonalTokens();
        me.MapTwoFactor();

        var users = api.MapGroup("/users").WithTags("Accounts").RequireAuthorization();
        users.MapGet("/{id:guid}", GetUser);
        users.MapGet("", FindUsers);
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

    /// <summary>A user's names.</summary>
    private static async Task<Ok<UserResponse>> GetUser(Guid id, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(id).FindCard() is { } card
            ? TypedResults.Ok(UserResponse.Of(card))
            : throw IndiiException.NotFound("user");

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

using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Auth;

/// <summary>One's own personal access tokens, for scripts.</summary>
internal static class PersonalTokenEndpoints
{
    /// <param name="me">The group of one's own account, for those who signed in.</param>
    public static void MapPersonalTokens(this IEndpointRouteBuilder me)
    {
        var tokens = me.MapGroup("/tokens").WithTags("Auth").RefusesPersonalTokens();
        tokens.MapPost("", Create).Fails(ErrorCode.StepUpRequired, ErrorCode.LimitExceeded);
        tokens.MapGet("", List);
        tokens.MapDelete("/{id:guid}", Revoke);
    }

    /// <summary>Make a personal access token for a script. Its text is shown only now.</summary>
    private static async Task<Created<CreatedPersonalTokenResponse>> Create(
        CreatePersonalTokenRequest request, HttpContext context, IGrainFactory grains)
    {
        var caller = (ActorPrincipal)context.User;
        AuthEndpoints.DoNotStore(context.Response);
        var made = await grains.GetGrain<IPersonalTokensGrain>(caller.Actor.RequireUser()).Create(
            caller.Actor,
            caller.SessionId,
            new NewPersonalToken(request.Name, [.. request.Scopes], request.ExpiresAt));
        return TypedResults.Created(
            $"{ApiRoutes.Base}/me/tokens/{made.View.Id}",
            new CreatedPersonalTokenResponse(made.Token, PersonalTokenResponse.Of(made.View)));
    }

    /// <summary>One's own personal access tokens, without their texts.</summary>
    private static async Task<Ok<PersonalTokensResponse>> List(HttpContext context, IGrainFactory grains)
    {
        var actor = context.GetActor();
        var tokens = await grains.GetGrain<IPersonalTokensGrain>(actor.RequireUser()).List(actor);
        return TypedResults.Ok(new PersonalTokensResponse([.. tokens.Select(PersonalTokenResponse.Of)]));
    }

    /// <summary>Revoke a personal access token, at all gateways within two seconds.</summary>
    private static async Task<NoContent> Revoke(Guid id, HttpContext context, Sessions sessions)
    {
        await sessions.EndPersonalToken(context.GetActor(), id);
        return TypedResults.NoContent();
    }
}

using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Auth;

/// <summary>One's own sessions: where one is logged in, and how to end that from elsewhere.</summary>
internal static class SessionEndpoints
{
    /// <param name="me">The group of one's own account, for those who signed in.</param>
    public static void MapSessions(this IEndpointRouteBuilder me)
    {
        var sessions = me.MapGroup("/sessions").WithTags("Auth").RefusesPersonalTokens();
        sessions.MapGet("", List);
        sessions.MapDelete("", EndOthers);
        sessions.MapPatch("/{id:guid}", Rename);
        sessions.MapDelete("/{id:guid}", End);
    }

    /// <summary>Where one is logged in, newest first.</summary>
    private static async Task<Ok<SessionsResponse>> List(HttpContext context, IGrainFactory grains)
    {
        var caller = (ActorPrincipal)context.User;
        var sessions = await grains.GetGrain<IUserSessionsGrain>(caller.Actor.RequireUser()).List(caller.Actor);
        return TypedResults.Ok(new SessionsResponse(
            [.. sessions.Select(session => SessionResponse.Of(session, caller.SessionId))]));
    }

    /// <summary>Name one of one's sessions.</summary>
    private static async Task<Ok<SessionResponse>> Rename(
        Guid id, RenameSessionRequest request, HttpContext context, IGrainFactory grains)
    {
        var caller = (ActorPrincipal)context.User;
        var session = await grains.GetGrain<ISessionGrain>(id)
            .Rename(caller.Actor.RequireUser(), DeviceText.Clean(request.Name));
        return TypedResults.Ok(SessionResponse.Of(
            session ?? throw IndiiException.NotFound("session"), caller.SessionId));
    }

    /// <summary>End one of one's sessions, at all gateways within two seconds.</summary>
    private static async Task<NoContent> End(Guid id, HttpContext context, Sessions sessions)
    {
        await sessions.Revoke(context.GetActor().RequireUser(), id);
        return TypedResults.NoContent();
    }

    /// <summary>End all of one's sessions but the one that asks, at all gateways within two seconds.</summary>
    private static async Task<NoContent> EndOthers(HttpContext context, Sessions sessions)
    {
        var caller = (ActorPrincipal)context.User;
        await sessions.RevokeOthers(caller.Actor, caller.SessionId);
        return TypedResults.NoContent();
    }
}

using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Api.Auth;

/// <summary>Routes that no script may call: those that change how somebody logs in.</summary>
internal static class SessionOnly
{
    /// <summary>
    /// Refuses personal access tokens. Grains refuse them as well where a proof is needed, as they have no session.
    /// </summary>
    public static TBuilder RefusesPersonalTokens<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilter(static (invocation, next) =>
            invocation.HttpContext.User is ActorPrincipal { IsPersonalToken: true }
                ? throw IndiiException.Forbidden("A personal access token may not do this. Log in instead.")
                : next(invocation)).Fails(ErrorCode.Forbidden);
}

using System.Security.Claims;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Auth;

/// <summary>A signed-in user as ASP.NET Core knows them, with their <see cref="Grains.Interfaces.Actor"/>.</summary>
public sealed class ActorPrincipal : ClaimsPrincipal
{
    private long _checkedAt;

    internal ActorPrincipal(Actor actor, Guid sessionId, DateTimeOffset expiresAt)
        : base(new ClaimsIdentity(
            [
                // SignalR finds a user's connections by this one.
                new Claim(ClaimTypes.NameIdentifier, actor.RequireUser().ToString()),
            ],
            AccessTokenScheme.Name))
    {
        Actor = actor;
        SessionId = sessionId;
        ExpiresAt = expiresAt;
        KeptUntil = expiresAt;
    }

    /// <summary>Who asks, for the grains.</summary>
    public Actor Actor { get; }

    /// <summary>The session that the token came from; of a personal access token, its own id.</summary>
    public Guid SessionId { get; }

    /// <summary>Whether it is a personal access token, which stands for itself and has no session.</summary>
    public bool IsPersonalToken { get; init; }

    /// <summary>When the token stops being good.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Until when this process may keep the token as verified, if it is not told otherwise.</summary>
    internal DateTimeOffset KeptUntil { get; init; }

    /// <summary>When the session was last asked and was active: a timestamp of the clock.</summary>
    internal long CheckedAt
    {
        get => Volatile.Read(ref _checkedAt);
        set => Volatile.Write(ref _checkedAt, value);
    }
}

/// <summary>The one place where a request or a connection becomes an <see cref="Actor"/>.</summary>
public static class ActorAccess
{
    /// <summary>Who sent this request; anonymous when it came without a valid token.</summary>
    public static Actor GetActor(this HttpContext context) => context.User.GetActor();

    /// <summary>
    /// Who reads what anybody may read. Whoever sends a token that is not good any more hears so: taken for a stranger,
    /// they would be told that their own things do not exist, and never renew the token.
    /// </summary>
    /// <exception cref="IndiiException"><c>unauthenticated</c>.</exception>
    public static Actor GetViewer(this HttpContext context)
    {
        var actor = context.User.GetActor();
        return actor.UserId is not null || context.Request.Headers.Authorization.Count == 0
            ? actor
            : throw new IndiiException(
                ErrorCode.Unauthenticated, "The access token is not valid any more. Refresh it.");
    }

    /// <summary>Who is at the other end of this connection; anonymous when it came without a valid token.</summary>
    public static Actor GetActor(this HubCallerContext context) => context.User.GetActor();

    /// <summary>The actor of a principal; anonymous when it is nobody's.</summary>
    public static Actor GetActor(this ClaimsPrincipal? principal) =>
        principal is ActorPrincipal known ? known.Actor : Actor.Anonymous;
}

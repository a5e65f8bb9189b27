using System.Security.Claims;
using IndiiMusic.Grains.Interfaces;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Auth;

/// <summary>A signed-in user as ASP.NET Core knows them, with their <see cref="Grains.Interfaces.Actor"/>.</summary>
public sealed class ActorPrincipal : ClaimsPrincipal
{
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
    }

    /// <summary>Who asks, for the grains.</summary>
    public Actor Actor { get; }

    /// <summary>The session that the token came from.</summary>
    public Guid SessionId { get; }

    /// <summary>When the token stops being good.</summary>
    public DateTimeOffset ExpiresAt { get; }
}

/// <summary>The one place where a request or a connection becomes an <see cref="Actor"/>.</summary>
public static class ActorAccess
{
    /// <summary>Who sent this request; anonymous when it came without a valid token.</summary>
    public static Actor GetActor(this HttpContext context) => context.User.GetActor();

    /// <summary>Who is at the other end of this connection; anonymous when it came without a valid token.</summary>
    public static Actor GetActor(this HubCallerContext context) => context.User.GetActor();

    /// <summary>The actor of a principal; anonymous when it is nobody's.</summary>
    public static Actor GetActor(this ClaimsPrincipal? principal) =>
        principal is ActorPrincipal known ? known.Actor : Actor.Anonymous;
}

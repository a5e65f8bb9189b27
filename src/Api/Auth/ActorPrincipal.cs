using System.Security.Claims;
using IndiiMusic.Grains.Interfaces;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// A signed-in user as ASP.NET Core knows them, with their <see cref="Grains.Interfaces.Actor"/>. All requests with the
/// same token share it, and so does a connection that began with it.
/// </summary>
public sealed class ActorPrincipal : ClaimsPrincipal
{
    private long _checkedAt;
    private volatile Actor _actor;

    internal ActorPrincipal(
        Actor actor, Guid sessionId, DateTimeOffset expiresAt, Scopes scopes = Scopes.Ordinary)
        : base(new ClaimsIdentity(
            [
                // SignalR finds a user's connections by this one.
                new Claim(ClaimTypes.NameIdentifier, actor.RequireUser().ToString()),
            ],
            AccessTokenScheme.Name))
    {
        _actor = actor;
        Scopes = scopes;
        SessionId = sessionId;
        ExpiresAt = expiresAt;
        KeptUntil = expiresAt;
    }

    /// <summary>Who asks, for the grains; another one after the user's roles have changed.</summary>
    public Actor Actor => _actor;

    /// <summary>What the token is for.</summary>
    public Scopes Scopes { get; }

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

    /// <summary>Takes note of the user's roles as they are now: what they allow, the token's scopes narrow.</summary>
    internal void Renew(Roles roles, long askedAt)
    {
        var permissions = Rights.Of(roles) & Rights.Of(Scopes);
        if (permissions != _actor.Permissions)
            _actor = _actor with { Permissions = permissions };
        CheckedAt = askedAt;
    }
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

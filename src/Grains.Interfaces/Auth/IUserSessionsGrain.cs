using System.Collections.Immutable;

namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// Which sessions one user has; the key is the user's id. What is known of a session, the session keeps: here is only
/// which there are, and it may name some that have ended since. Calls go from here to sessions and never back.
/// </summary>
[Alias("indii.auth.user-sessions-grain")]
public interface IUserSessionsGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Lists a session of the user before its tokens are handed out, and again at each refresh, which changes nothing.
    /// Where there are <see cref="AuthLimits.SessionsMax"/>, the oldest ends.
    /// </summary>
    /// <returns>The sessions that ended for it.</returns>
    [ResponseTimeout("00:00:30")]
    [Alias("Add")]
    Task<ImmutableArray<Guid>> Add(Guid sessionId);

    /// <summary>The sessions that go on, newest first. What has expired is cleared away.</summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [SafeToRepeat]
    [Alias("List")]
    Task<ImmutableArray<SessionView>> List(Actor actor);

    /// <summary>Ends all sessions but one.</summary>
    /// <returns>Those that were listed; gateways refuse their tokens from now on.</returns>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for anybody else.</exception>
    [ResponseTimeout("00:00:30")]
    [Alias("EndOthers")]
    Task<ImmutableArray<Guid>> EndOthers(Actor actor, Guid stays);
}

/// <summary>A session as its user sees it.</summary>
/// <param name="Id">The session.</param>
/// <param name="Name">What the user calls it; null where they did not say.</param>
/// <param name="Device">What its client says of itself; null where it said nothing.</param>
/// <param name="Address">Where it was started from.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="SeenAt">When its tokens were last renewed.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Scopes">What its tokens are for.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.session-view")]
public sealed record SessionView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? Name,
    [property: Id(2)] string? Device,
    [property: Id(3)] string? Address,
    [property: Id(4)] DateTimeOffset CreatedAt,
    [property: Id(5)] DateTimeOffset SeenAt,
    [property: Id(6)] DateTimeOffset ExpiresAt,
    [property: Id(7)] Scopes Scopes)
{
    /// <summary>Leaves the person's device and address out, so that no log ever holds them.</summary>
    public override string ToString() => $"{nameof(SessionView)} {{ Id = {Id} }}";
}

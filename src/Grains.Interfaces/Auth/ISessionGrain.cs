namespace IndiiMusic.Grains.Interfaces.Auth;

/// <summary>
/// One log-in of one user on one device, from log-in to log-out; the key is the session's id. It knows its refresh
/// tokens by their hashes only. It lasts 30 days from the last refresh.
/// </summary>
[Alias("indii.auth.session-grain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>Starts the session.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Start")]
    Task<SessionTokens> Start(Guid userId, SessionStart? start = null);

    /// <summary>
    /// Trades a refresh token for the next one. A token is good once. The one before the present one may be traded once
    /// more within 30 seconds, for a client whose answer was lost; any other use of a used token ends the session.
    /// </summary>
    [ResponseTimeout("00:00:30")]
    [Alias("Refresh")]
    Task<RefreshResult> Refresh(string refreshToken);

    /// <summary>Ends the session for whoever holds one of its refresh tokens, used or not.</summary>
    /// <returns>False when the token was never this session's, or the session has ended already.</returns>
    [ResponseTimeout("00:00:30")]
    [Alias("EndByToken")]
    Task<bool> EndByToken(string refreshToken);

    /// <summary>Ends the session. Does nothing when it has ended already or is another user's.</summary>
    [SafeToRepeat]
    [Alias("End")]
    Task End(Guid userId);

    /// <summary>
    /// Ends the session from another one, or because it expired, and clears its document. Does nothing when it has
    /// ended already or is another user's.
    /// </summary>
    [SafeToRepeat]
    [Alias("Revoke")]
    Task Revoke(Guid userId);

    /// <summary>The session as its user sees it; null when it is another's, or has ended or expired.</summary>
    [SafeToRepeat]
    [Alias("Find")]
    Task<SessionView?> Find(Guid userId);

    /// <summary>Names the session; null takes its name away.</summary>
    /// <returns>The session; null when it is another's, or has ended or expired.</returns>
    [ResponseTimeout("00:00:30")]
    [Alias("Rename")]
    Task<SessionView?> Rename(Guid userId, string? name);

    /// <summary>Whether the session is this user's and has neither ended nor expired.</summary>
    [SafeToRepeat]
    [Alias("IsActive")]
    Task<bool> IsActive(Guid userId);

    /// <summary>
    /// Notes that whoever holds the session has proven who they are: from now on, for
    /// <see cref="AuthLimits.ProofMinutes"/> minutes, it may do what is sensitive.
    /// </summary>
    /// <returns>False when the session is another user's, has ended or expired.</returns>
    [ResponseTimeout("00:00:30")]
    [Alias("Prove")]
    Task<bool> Prove(Guid userId);

    /// <summary>Whether the session is active, and has proven lately who holds it.</summary>
    [SafeToRepeat]
    [Alias("IsProven")]
    Task<bool> IsProven(Guid userId);
}

/// <summary>What a session is to be.</summary>
/// <param name="Scopes">What its tokens are for. A refresh never changes it.</param>
/// <param name="Device">What the client says of itself, cleaned; null where it says nothing.</param>
/// <param name="Address">Where it comes from; null where that is not known.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.session-start")]
public sealed record SessionStart(
    [property: Id(0)] Scopes Scopes = Scopes.Ordinary,
    [property: Id(1)] string? Device = null,
    [property: Id(2)] string? Address = null)
{
    /// <summary>Leaves the person's device and address out, so that no log ever holds them.</summary>
    public override string ToString() => nameof(SessionStart);
}

/// <summary>How a refresh ended.</summary>
/// <param name="Outcome">Its kind.</param>
/// <param name="Tokens">The new tokens when it was <see cref="RefreshOutcome.Refreshed"/>, else null.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.auth.refresh-result")]
public sealed record RefreshResult(
    [property: Id(0)] RefreshOutcome Outcome,
    [property: Id(1)] SessionTokens? Tokens = null);

/// <summary>Ways in which a refresh can end.</summary>
public enum RefreshOutcome
{
    /// <summary>The token was good.</summary>
    Refreshed = 1,

    /// <summary>The token is not this session's, or the session has ended or expired.</summary>
    Refused = 2,

    /// <summary>The token had been used before: somebody else may hold a copy, so the session has ended.</summary>
    Reused = 3,
}

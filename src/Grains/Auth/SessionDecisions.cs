using System.Security.Cryptography;
using System.Text;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Grains.Auth;

/// <summary>The rules of sessions, pure: clock and random secrets come in from outside.</summary>
internal static class SessionDecisions
{
    /// <summary>How long a session lasts after its last refresh.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How long the previous refresh token may be traded once more, its answer having been lost.</summary>
    public static readonly TimeSpan ReplayGrace = TimeSpan.FromSeconds(30);

    /// <summary>A session that begins with the given token.</summary>
    public static SessionState Start(
        Guid userId, RefreshToken token, SessionStart start, DateTimeOffset now) => new()
        {
            UserId = userId,
            FamilyHash = Hash(token.FamilySecret),
            PresentHash = Hash(token.Secret),
            CreatedAt = now,
            RefreshedAt = now,
            ExpiresAt = now + Lifetime,
            Scope = Rights.Format(start.Scopes),
            Device = start.Device,
            Address = start.Address,
        };

    /// <summary>What comes of trading a token for <paramref name="next"/>, and the state after it.</summary>
    public static (RefreshOutcome Outcome, SessionState State) Refresh(
        SessionState state, RefreshToken presented, RefreshToken next, DateTimeOffset now)
    {
        if (!IsActive(state, now) || !BelongsTo(state, presented))
            return (RefreshOutcome.Refused, state);

        if (Matches(state.PresentHash, presented.Secret))
            return (RefreshOutcome.Refreshed, Rotated(state, next, now, previousHash: state.PresentHash));

        var isReplay = state.PreviousHash is { } previous
            && Matches(previous, presented.Secret)
            && now - state.RefreshedAt <= ReplayGrace;

        // After a replay no previous token is kept: neither may come a third time.
        return isReplay
            ? (RefreshOutcome.Refreshed, Rotated(state, next, now, previousHash: null))
            : (RefreshOutcome.Reused, new SessionState());
    }

    /// <summary>Whether the session was started, and has neither ended nor expired.</summary>
    public static bool IsActive(SessionState state, DateTimeOffset now) =>
        state.UserId is not null && now < state.ExpiresAt;

    /// <summary>The session after its holder proved who they are.</summary>
    public static SessionState Prove(SessionState state, DateTimeOffset now) => state with
    {
        ProvenUntil = now + TimeSpan.FromMinutes(AuthLimits.ProofMinutes),
    };

    /// <summary>Whether the session is active and its holder proved lately who they are.</summary>
    public static bool IsProven(SessionState state, DateTimeOffset now) =>
        IsActive(state, now) && now < state.ProvenUntil;

    /// <summary>The session as its user sees it; null for anybody else, and when it has ended or expired.</summary>
    public static SessionView? View(SessionState state, Guid sessionId, Guid userId, DateTimeOffset now) =>
        state.UserId == userId && IsActive(state, now)
            ? new SessionView(
                sessionId,
                state.Name,
                state.Device,
                state.Address,
                state.CreatedAt,
                state.RefreshedAt,
                state.ExpiresAt,
                ScopesOf(state))
            : null;

    /// <summary>What the session's tokens are for; one from before there was a choice has the ordinary ones.</summary>
    public static Scopes ScopesOf(SessionState state) =>
        state.Scope is null ? Scopes.Ordinary : Rights.ParseScopes(state.Scope, out _);

    /// <summary>Whether the token is one of the session's, used or not, rather than made up.</summary>
    public static bool BelongsTo(SessionState state, RefreshToken token) =>
        Matches(state.FamilyHash, token.FamilySecret);

    private static SessionState Rotated(
        SessionState state, RefreshToken next, DateTimeOffset now, string? previousHash) => state with
        {
            PresentHash = Hash(next.Secret),
            PreviousHash = previousHash,
            RefreshedAt = now,
            ExpiresAt = now + Lifetime,
        };

    // Secrets have 128 random bits and more, so that a fast hash without salt keeps them.
    private static string Hash(ReadOnlyMemory<byte> secret) => Convert.ToBase64String(SHA256.HashData(secret.Span));

    private static bool Matches(string hash, ReadOnlyMemory<byte> secret) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(Hash(secret)));
}

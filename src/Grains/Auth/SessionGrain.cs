using System.Security.Cryptography;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces.Auth;
using Microsoft.Extensions.Logging;

namespace IndiiMusic.Grains.Auth;

/// <summary>One log-in of one user on one device.</summary>
[GrainType("session")]
internal sealed partial class SessionGrain(
    [PersistentState("session")] IPersistentState<SessionState> store,
    TimeProvider time,
    AuditLog audit,
    ILogger<SessionGrain> logger) : Grain, ISessionGrain
{
    private Guid SessionId => this.GetPrimaryKey();

    public async Task<SessionTokens> Start(Guid userId, SessionStart? start)
    {
        if (store.State.UserId is not null)
            throw new InvalidOperationException($"Session {SessionId} was started before.");

        var token = NewToken(RandomNumberGenerator.GetBytes(RefreshToken.FamilySecretBytes));
        await store.Write(SessionDecisions.Start(userId, token, start ?? new SessionStart(), time.GetUtcNow()));
        return Tokens(token);
    }

    public async Task<RefreshResult> Refresh(string refreshToken)
    {
        if (!RefreshToken.TryParse(refreshToken, out var presented) || presented.SessionId != SessionId)
            return new RefreshResult(RefreshOutcome.Refused);

        var next = NewToken(presented.FamilySecret);
        var (outcome, state) = SessionDecisions.Refresh(store.State, presented, next, time.GetUtcNow());
        switch (outcome)
        {
            case RefreshOutcome.Refreshed:
                await store.Write(state);
                return new RefreshResult(outcome, Tokens(next));
            case RefreshOutcome.Reused:
                LogReused(SessionId, store.State.UserId!.Value);
                await EndAsync(AuditAction.RefreshTokenReused, AuditOutcome.Failure);
                break;
        }

        return new RefreshResult(outcome);
    }

    public async Task<bool> EndByToken(string refreshToken)
    {
        var isOwn = RefreshToken.TryParse(refreshToken, out var token)
            && token.SessionId == SessionId
            && store.State.UserId is not null
            && SessionDecisions.BelongsTo(store.State, token);
        if (isOwn)
            await EndAsync(AuditAction.LogOut, AuditOutcome.Success);

        return isOwn;
    }

    public async Task End(Guid userId)
    {
        if (store.State.UserId == userId)
            await EndAsync(AuditAction.LogOut, AuditOutcome.Success);
    }

    public async Task Revoke(Guid userId)
    {
        if (store.State.UserId != userId)
            return;

        var hadExpired = !SessionDecisions.IsActive(store.State, time.GetUtcNow());
        await store.ClearStateAsync();
        audit.Write(AuditAction.SessionEnded, AuditOutcome.Success, userId, new AuditDetails
        {
            SessionId = SessionId,
            Reason = hadExpired ? "expired" : "revoked",
        });
    }

    public Task<SessionView?> Find(Guid userId) => Task.FromResult(View(userId));

    public async Task<SessionView?> Rename(Guid userId, string? name)
    {
        if (View(userId) is not null && store.State.Name != name)
            await store.Write(store.State with { Name = name });
        return View(userId);
    }

    public Task<bool> IsActive(Guid userId) => Task.FromResult(
        store.State.UserId == userId && SessionDecisions.IsActive(store.State, time.GetUtcNow()));

    public async Task<bool> Prove(Guid userId)
    {
        if (!await IsActive(userId))
            return false;

        await store.Write(SessionDecisions.Prove(store.State, time.GetUtcNow()));
        return true;
    }

    public Task<bool> IsProven(Guid userId) => Task.FromResult(
        store.State.UserId == userId && SessionDecisions.IsProven(store.State, time.GetUtcNow()));

    private async Task EndAsync(AuditAction why, AuditOutcome outcome)
    {
        var userId = store.State.UserId;
        var session = new AuditDetails { SessionId = SessionId };
        await store.ClearStateAsync();
        audit.Write(why, outcome, userId, session);
        audit.Write(AuditAction.SessionEnded, AuditOutcome.Success, userId, session);
    }

    private SessionView? View(Guid userId) =>
        SessionDecisions.View(store.State, SessionId, userId, time.GetUtcNow());

    private SessionTokens Tokens(RefreshToken token) => new(
        store.State.UserId!.Value, SessionId, token.Encode(), SessionDecisions.ScopesOf(store.State));

    private RefreshToken NewToken(ReadOnlyMemory<byte> familySecret) =>
        new(SessionId, familySecret, RandomNumberGenerator.GetBytes(RefreshToken.SecretBytes));
}

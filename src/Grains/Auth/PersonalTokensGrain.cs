using System.Collections.Immutable;
using System.Security.Cryptography;
using IndiiMusic.Grains.Auditing;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;
using IndiiMusic.Grains.Interfaces.Errors;

namespace IndiiMusic.Grains.Auth;

/// <summary>The personal access tokens of one user.</summary>
[GrainType("personal-tokens")]
internal sealed class PersonalTokensGrain(
    [PersistentState("personal-tokens")] IPersistentState<PersonalTokensState> store,
    TimeProvider time,
    AuditLog audit) : Grain, IPersonalTokensGrain
{
    private Guid UserId => this.GetPrimaryKey();

    public async Task<CreatedPersonalToken> Create(Actor actor, Guid sessionId, NewPersonalToken token)
    {
        RequireSelf(actor);
        await GrainFactory.RequireProof(UserId, sessionId);
        PersonalTokenDecisions.RequireOwnScopes(token.Scopes, actor.Permissions);
        var now = time.GetUtcNow();
        var made = new PersonalToken(UserId, RandomNumberGenerator.GetBytes(PersonalToken.SecretBytes));
        var (state, entry) = PersonalTokenDecisions.Create(store.State, token, Guid.CreateVersion7(now), made, now);
        await store.Write(state);
        audit.Write(AuditAction.PersonalTokenCreated, AuditOutcome.Success, UserId, Of(sessionId));
        return new CreatedPersonalToken(View(entry), made.Encode());
    }

    public Task<ImmutableArray<PersonalTokenView>> List(Actor actor)
    {
        RequireSelf(actor);
        return Task.FromResult<ImmutableArray<PersonalTokenView>>([.. store.State.Tokens.Reverse().Select(View)]);
    }

    public async Task<bool> Revoke(Actor actor, Guid tokenId)
    {
        RequireSelf(actor);
        var left = store.State.Tokens.RemoveAll(entry => entry.Id == tokenId);
        if (left.Length == store.State.Tokens.Length)
            return false;

        await store.Write(store.State with { Tokens = left });
        audit.Write(AuditAction.PersonalTokenRevoked, AuditOutcome.Success, UserId);
        return true;
    }

    public async Task<PersonalTokenGrant?> Use(string secretHash)
    {
        if (PersonalTokenDecisions.Find(store.State, secretHash, time.GetUtcNow()) is not { } entry)
            return null;

        await NoteUse(entry);
        return new PersonalTokenGrant(entry.Id, entry.Scopes, entry.ExpiresAt);
    }

    public async Task<bool> IsActive(Guid tokenId)
    {
        if (PersonalTokenDecisions.Find(store.State, tokenId, time.GetUtcNow()) is not { } entry)
            return false;

        await NoteUse(entry);
        return true;
    }

    private static AuditDetails Of(Guid sessionId) => new() { SessionId = sessionId };

    private static PersonalTokenView View(PersonalTokenEntry entry) => new(
        entry.Id, entry.Name, entry.Scopes, entry.LastCharacters, entry.CreatedAt, entry.ExpiresAt, entry.LastUsedAt);

    private Task NoteUse(PersonalTokenEntry entry)
    {
        var next = PersonalTokenDecisions.Use(store.State, entry, time.GetUtcNow());
        return next == store.State ? Task.CompletedTask : store.Write(next);
    }

    private void RequireSelf(Actor actor)
    {
        if (actor.RequireUser() != UserId)
            throw IndiiException.NotFound("user");
    }
}

using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Auth;

/// <summary>Finds out whose a personal access token is, and what it allows.</summary>
internal sealed class PersonalTokens(IGrainFactory grains, AccessTokens accessTokens, TimeProvider time)
{
    /// <summary>
    /// Whose token it is; null unless it is whole and good. It is kept no longer than an access token is good, as ended
    /// ones are remembered no longer than that.
    /// </summary>
    public async Task<ActorPrincipal?> Verify(string text)
    {
        if (!PersonalToken.TryParse(text, out var token))
            return null;

        // The answer is as old as the question.
        var (askedAt, now) = (time.GetTimestamp(), time.GetUtcNow());
        if (await grains.GetGrain<IPersonalTokensGrain>(token.UserId).Use(token.Hash()) is not { } grant)
            return null;

        var allowed = Rights.Of(Rights.ParseScopes(string.Join(' ', grant.Scopes), out _)) & Permissions.Ordinary;
        var actor = new Actor(token.UserId, ClientId: null, allowed);
        var keptUntil = now + accessTokens.Lifetime;
        return new ActorPrincipal(actor, grant.TokenId, grant.ExpiresAt)
        {
            IsPersonalToken = true,
            KeptUntil = keptUntil < grant.ExpiresAt ? keptUntil : grant.ExpiresAt,
            CheckedAt = askedAt,
        };
    }
}

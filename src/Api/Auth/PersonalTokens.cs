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

        var now = time.GetUtcNow();
        if (await grains.GetGrain<IPersonalTokensGrain>(token.UserId).Use(token.Hash()) is not { } grant)
            return null;

        // What the user may do at all is asked next: see Standings.
        var scopes = Rights.ParseScopes(string.Join(' ', grant.Scopes), out _);
        var keptUntil = now + accessTokens.Lifetime;
        return new ActorPrincipal(new Actor(token.UserId), grant.TokenId, grant.ExpiresAt, scopes)
        {
            IsPersonalToken = true,
            KeptUntil = keptUntil < grant.ExpiresAt ? keptUntil : grant.ExpiresAt,
        };
    }
}

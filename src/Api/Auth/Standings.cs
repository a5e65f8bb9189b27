using IndiiMusic.Grains.Interfaces.Accounts;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Auth;

/// <summary>
/// Whether sessions go on and which roles their users have: asked when a token is new to this process, and again when
/// the answer is some seconds old, so that what was taken from somebody is soon gone at every gateway.
/// </summary>
internal sealed class Standings(
    IGrainFactory grains, TimeProvider time, IOptions<AccessTokenOptions> options, SharedSessions? shared = null)
{
    private readonly TimeSpan _trustedFor = TimeSpan.FromSeconds(options.Value.TrustedForSeconds);

    /// <summary>Whether what is known of a token's session and user may still be taken for true.</summary>
    public bool MayTrust(ActorPrincipal principal) =>
        time.GetElapsedTime(principal.CheckedAt) <= _trustedFor
        && (shared is null || shared.MayTrust(principal.CheckedAt));

    /// <summary>Asks again.</summary>
    /// <returns>False when the session has ended, or there is no such user.</returns>
    public async Task<bool> RenewAsync(ActorPrincipal principal)
    {
        // The answer is as old as the question.
        var askedAt = time.GetTimestamp();
        var userId = principal.Actor.RequireUser();
        var isActive = grains.IsActive(principal.SessionId, userId, principal.IsPersonalToken);
        var roles = grains.GetGrain<IUserGrain>(userId).FindRoles();
        await Task.WhenAll(isActive, roles);
        if (!await isActive || await roles is not { } present)
            return false;

        principal.Renew(present, askedAt);
        return true;
    }
}

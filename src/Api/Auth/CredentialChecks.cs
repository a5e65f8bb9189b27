using IndiiMusic.Grains.Interfaces.Auth;

namespace IndiiMusic.Api.Auth;

/// <summary>Asks the grains whether what somebody came with is still good.</summary>
internal static class CredentialChecks
{
    /// <summary>Whether the session, or the personal access token, is the user's and goes on.</summary>
    public static Task<bool> IsActive(this IGrainFactory grains, Guid sessionId, Guid userId, bool isPersonalToken) =>
        isPersonalToken
            ? grains.GetGrain<IPersonalTokensGrain>(userId).IsActive(sessionId)
            : grains.GetGrain<ISessionGrain>(sessionId).IsActive(userId);
}

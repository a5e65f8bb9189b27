using IndiiMusic.Api.Auth;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>
/// Holds each call against what its method requires, as requests are held against their routes: with the roles that the
/// user has now, and the scopes of the token that the connection began with.
/// </summary>
internal sealed class HubAccess(Standings standings, SessionDenylist ended) : IHubFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var principal = LiveConnection.Of(invocationContext.Context).Principal;
        var access = Access.Of(invocationContext.HubMethod);
        if (!standings.MayTrust(principal))
            return RenewAndGoOn();

        access.Check(principal);
        return next(invocationContext);

        async ValueTask<object?> RenewAndGoOn()
        {
            if (!await standings.RenewAsync(principal))
            {
                ended.Add(principal.SessionId);
                throw new IndiiException(ErrorCode.Unauthenticated, "The session has ended. Log in again.");
            }

            access.Check(principal);
            return await next(invocationContext);
        }
    }
}

using IndiiMusic.Api.RateLimits;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>Counts each call of a client on its user's budget of calls over hubs.</summary>
internal sealed class HubRateLimit(RateLimiter limiter) : IHubFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var counted = limiter.CountCallAsync(LiveConnection.Of(invocationContext.Context).UserId);
        return counted.IsCompletedSuccessfully ? next(invocationContext) : CountAndGoOn();

        async ValueTask<object?> CountAndGoOn()
        {
            await counted;
            return await next(invocationContext);
        }
    }
}

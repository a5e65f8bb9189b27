using IndiiMusic.Api.RateLimits;
using Microsoft.AspNetCore.SignalR;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>Counts each call of a client on its user's budget of requests, the same that REST draws on.</summary>
internal sealed class HubRateLimit(RateLimiter limiter) : IHubFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        limiter.CountCall(LiveConnection.Of(invocationContext.Context).UserId);
        return next(invocationContext);
    }
}

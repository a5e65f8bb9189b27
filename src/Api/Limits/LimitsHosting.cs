using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Limits;

/// <summary>
/// Bounds of one request. A route takes more by <c>RequestSizeLimitAttribute</c> in its metadata, and as long as it
/// wants by <c>DisableRequestTimeout()</c>.
/// </summary>
public static class LimitsHosting
{
    /// <summary>Adds the bounds.</summary>
    public static IServiceCollection AddIndiiLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitsOptions>()
            .BindConfiguration(LimitsOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitsOptions>>((kestrel, limits) =>
        {
            kestrel.Limits.MaxRequestBodySize = limits.Value.RequestBodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = limits.Value.ConnectionsMax;
            kestrel.Limits.MaxConcurrentUpgradedConnections = limits.Value.ConnectionsMax;
        });
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<LimitsOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = limits.Value.RequestTimeMax,
                TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            });
        return services;
    }
}

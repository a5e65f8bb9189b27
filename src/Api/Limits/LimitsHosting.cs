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
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptionsMonitor<LimitsOptions>>((timeouts, limits) =>
            timeouts.DefaultPolicy = Policy(limits.CurrentValue));
        services.AddHostedService<Following>();
        return services;
    }

    private static RequestTimeoutPolicy Policy(LimitsOptions limits) => new()
    {
        Timeout = limits.RequestTimeMax,
        TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
    };

    /// <summary>Makes the server take over limits that change: it looks at them anew for each request.</summary>
    private sealed class Following(
        IOptionsMonitor<LimitsOptions> limits,
        IOptions<KestrelServerOptions> kestrel,
        IOptionsMonitor<RequestTimeoutOptions> timeouts) : IHostedService, IDisposable
    {
        private IDisposable? _changes;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _changes = limits.OnChange(now =>
            {
                kestrel.Value.Limits.MaxRequestBodySize = now.RequestBodyBytesMax;
                timeouts.CurrentValue.DefaultPolicy = Policy(now);
            });
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _changes?.Dispose();
    }
}

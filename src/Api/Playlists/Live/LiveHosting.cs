using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Json;
using IndiiMusic.Grains.Interfaces;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Playlists.Live;

/// <summary>Live editing: the hub, its rooms, and their bounds.</summary>
public static class LiveHosting
{
    /// <summary>Where the hub is, under <see cref="ApiRoutes.Hubs"/>.</summary>
    public const string Route = ApiRoutes.Hubs + "/playlists";

    /// <summary>Adds the hub.</summary>
    public static IServiceCollection AddIndiiLive(this IServiceCollection services)
    {
        LiveMetrics.Prepare();
        services.AddOptions<LiveOptions>().BindConfiguration(LiveOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.ClientTimeout >= 2 * options.KeepAliveInterval,
                "Live:ClientTimeout must be at least twice Live:KeepAliveInterval.")
            .ValidateOnStart();
        services.AddSingleton<LiveWriter>();
        services.AddSingleton<PlaylistRooms>();
        services.AddHostedService(provider => provider.GetRequiredService<PlaylistRooms>());
        services.AddSingleton<HubErrors>();
        services.AddSingleton<HubRateLimit>();
        services.AddSingleton<HubAccess>();

        // SignalR reads a hub's own options only where this call announces that there are some.
        services.AddSignalR().AddHubOptions<PlaylistHub>(_ => { }).AddJsonProtocol(json =>
        {
            JsonHosting.Configure(json.PayloadSerializerOptions);
            json.PayloadSerializerOptions.TypeInfoResolverChain.Add(LiveJson.Default);
        });

        // It would log each failure of a caller as an error; HubErrors tells those apart.
        services.AddLogging(logging =>
            logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical));
        services.AddSingleton<PlaylistConnections>();
        services.AddSingleton<HubLifetimeManager<PlaylistHub>>(
            provider => provider.GetRequiredService<PlaylistConnections>());
        if (services.Any(service => service.ServiceType == typeof(SharedSessions)))
            services.AddHostedService<LiveSessionChecks>();
        services.AddSingleton<IConfigureOptions<HubOptions<PlaylistHub>>, PlaylistHubSetup>();
        return services;
    }

    /// <summary>Maps the hub. Only signed-in users may connect.</summary>
    public static void MapLive(this IEndpointRouteBuilder app) => app
        .MapHub<PlaylistHub>(Route, options =>
        {
            // A token's end is a connection's end; clients come back with a fresh one and the version that they have.
            options.CloseOnAuthenticationExpiration = true;

            // With server-sent events and long polling each call of a client is a request of its own.
            options.Transports = HttpTransportType.WebSockets | HttpTransportType.LongPolling;
        })
        .Requires(Permissions.ReadPlaylists)
        .DisableRequestTimeout();

    private sealed class PlaylistHubSetup(IOptions<LiveOptions> live) : IConfigureOptions<HubOptions<PlaylistHub>>
    {
        public void Configure(HubOptions<PlaylistHub> hub)
        {
            hub.AddFilter<HubErrors>();
            hub.AddFilter<HubRateLimit>();
            hub.AddFilter<HubAccess>();
            hub.MaximumReceiveMessageSize = live.Value.MessageBytesMax;
            hub.KeepAliveInterval = live.Value.KeepAliveInterval;
            hub.ClientTimeoutInterval = live.Value.ClientTimeout;

            // Calls of one client in the order that it made them: two in parallel could overtake each other.
            hub.MaximumParallelInvocationsPerClient = 1;
        }
    }
}

using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IndiiMusic.Api.Listeners;

/// <summary>
/// Where the gateway listens. <c>Kestrel:Endpoints:Http</c> and <c>Kestrel:Endpoints:Management</c> are addresses in
/// Kestrel's own form, certificates included; <c>Control:SocketPath</c> is a socket file.
/// </summary>
public static class ListenersHosting
{
    /// <summary>The configuration key of the control socket's path; without it there is none.</summary>
    public const string ControlSocketKey = "Control:SocketPath";

    /// <summary>Adds the listeners.</summary>
    public static WebApplicationBuilder AddIndiiListeners(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, ListenerMatcherPolicy>());
        builder.Services.AddSingleton<ListenerAddresses>();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Configure(context.Configuration.GetSection("Kestrel"))
                .Endpoint("Management", endpoint =>
                {
                    endpoint.ListenOptions.Mark(Listener.Management);
                    kestrel.ApplicationServices.GetRequiredService<ListenerAddresses>()
                        .IsManagedBy(endpoint.ListenOptions);
                });
            if (context.Configuration[ControlSocketKey] is { Length: > 0 } socket)
            {
                kestrel.ListenUnixSocket(socket, listen => listen.Mark(Listener.Control));
            }
        });
        return builder;
    }

    /// <summary>Makes a route, or a group of them, answer on these listeners only; elsewhere it is not found.</summary>
    public static TBuilder OnlyOn<TBuilder>(this TBuilder routes, params Listener[] listeners)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new ListenerMetadata(listeners));

    private static void Mark(this ListenOptions listen, Listener listener)
    {
        var feature = new ListenerFeature(listener);
        listen.Use(next => connection =>
        {
            connection.Features.Set(feature);
            return next(connection);
        });
    }
}

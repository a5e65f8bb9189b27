using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Proxies;

/// <summary>Load balancers and ingresses in front of gateways.</summary>
public static class ProxiesHosting
{
    /// <summary>Adds the rule for the configured proxies.</summary>
    public static IServiceCollection AddIndiiProxies(this IServiceCollection services)
    {
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, proxies) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var text in proxies.Value.Trusted)
            {
                if (ProxyOptions.TryParse(text, out var network))
                    forwarded.KnownIPNetworks.Add(network);
            }

            // However many proxies stand in a row: the first address that is none of theirs is the caller's.
            forwarded.ForwardLimit = null;
        });
        return services;
    }

    /// <summary>
    /// Gives each request the address and the scheme that its caller used; goes before all that looks at them. Where no
    /// proxy is trusted nothing is read: the middleware takes an empty list for everybody.
    /// </summary>
    public static IApplicationBuilder UseIndiiProxies(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.Trusted.Count > 0
            ? app.UseForwardedHeaders()
            : app;
}

using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Hosting;

namespace IndiiMusic.Infrastructure.Registration;

/// <summary>Where a program tells that it is there. Key <c>Registration:Provider</c>.</summary>
public enum RegistrationProvider
{
    /// <summary>Nowhere: an orchestrator or a fixed list knows.</summary>
    None,

    /// <summary>At the Consul agent of this machine, with a health check.</summary>
    Consul,
}

/// <summary>Registers a program as a service.</summary>
public static class RegistrationHosting
{
    /// <summary>Adds what <c>Registration:Provider</c> says.</summary>
    /// <param name="builder">The program.</param>
    /// <param name="serviceName">What it is called unless configured, such as <c>indii-api</c>.</param>
    public static IHostApplicationBuilder AddIndiiRegistration(
        this IHostApplicationBuilder builder, string serviceName)
    {
        if (builder.ChooseProvider("Registration", RegistrationProvider.None) == RegistrationProvider.Consul)
            builder.Services.AddConsulRegistration(serviceName);
        return builder;
    }
}

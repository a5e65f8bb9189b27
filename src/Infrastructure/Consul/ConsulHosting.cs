using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace IndiiMusic.Infrastructure.Consul;

/// <summary>Membership, gateways and registration on Consul.</summary>
public static class ConsulHosting
{
    /// <summary>The name of the health check that is degraded while Consul is away.</summary>
    public const string HealthCheckName = "consul";

    /// <summary>
    /// Keeps the cluster's membership in Consul. The options come from <see cref="ConsulOptions.Section"/> and
    /// <see cref="ConsulClusteringOptions.Section"/>.
    /// </summary>
    public static ISiloBuilder UseConsulClustering(this ISiloBuilder silo)
    {
        silo.Services.AddConsulClustering();
        silo.Services.AddSingleton<IMembershipTable, ConsulMembershipTable>();
        silo.Services.AddHostedService<ConsulLeave>();
        return silo;
    }

    /// <summary>
    /// Finds the silos in Consul, waits for them at the start for as long as it takes, and hears of changes at once.
    /// </summary>
    public static IClientBuilder UseConsulClustering(this IClientBuilder client)
    {
        client.Services.AddConsulClustering();
        client.Services.AddSingleton<IGatewayListProvider, ConsulGatewayList>();
        client.Services.AddSingleton<IClientConnectionRetryFilter, ConsulConnectionRetry>();
        client.Services.AddOptions<GatewayOptions>().Configure<IOptions<ConsulClusteringOptions>>(
            (gateways, options) => gateways.GatewayListRefreshPeriod = options.Value.GatewayRefreshPeriod);
        return client;
    }

    /// <summary>
    /// Lists this process as a service while it runs. The options come from <see cref="ConsulOptions.Section"/> and
    /// <see cref="ConsulRegistrationOptions.Section"/>.
    /// </summary>
    /// <param name="services">The process's services.</param>
    /// <param name="defaultServiceName">The service's name unless configured, such as <c>indii-api</c>.</param>
    public static IServiceCollection AddConsulRegistration(this IServiceCollection services, string defaultServiceName)
    {
        services.AddConsul();
        services.AddValidated<ConsulRegistrationOptions, ConsulRegistrationOptionsValidator>(
                ConsulRegistrationOptions.Section, options => options.Problems())
            .PostConfigure(options =>
            {
                if (string.IsNullOrEmpty(options.ServiceName))
                    options.ServiceName = defaultServiceName;
            });
        services.TryAddSingleton<ConsulRegistration>();
        services.AddHostedService(provider => provider.GetRequiredService<ConsulRegistration>());
        return services;
    }

    private static void AddConsulClustering(this IServiceCollection services)
    {
        services.AddConsul();
        services.AddValidated<ConsulClusteringOptions, ConsulClusteringOptionsValidator>(
            ConsulClusteringOptions.Section, options => options.Problems());
    }

    /// <summary>Adds the client of Consul's agent, with its health check.</summary>
    internal static void AddConsul(this IServiceCollection services)
    {
        // Clustering, registration and live settings share it; a health check may be added only once.
        if (services.Any(service => service.ServiceType == typeof(ConsulClient)))
            return;
        ConsulMetrics.Prepare();
        services.AddValidated<ConsulOptions, ConsulOptionsValidator>(
            ConsulOptions.Section, options => options.Problems());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ConsulClient>();
        services.AddSingleton<ConsulPatience>();
        services.AddHealthChecks().AddCheck<ConsulHealthCheck>(HealthCheckName);
    }

    private static OptionsBuilder<TOptions> AddValidated<TOptions, TValidator>(
        this IServiceCollection services, string section, Func<TOptions, IEnumerable<string>> problems)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        services.AddSingleton<IValidateOptions<TOptions>>(new ProblemsValidator<TOptions>(problems));
        return services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }

    private sealed class ProblemsValidator<TOptions>(Func<TOptions, IEnumerable<string>> problems)
        : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            problems(options).ToList() is { Count: > 0 } found
                ? ValidateOptionsResult.Fail(found)
                : ValidateOptionsResult.Success;
    }
}

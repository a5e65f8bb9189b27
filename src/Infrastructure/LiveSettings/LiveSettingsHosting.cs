using IndiiMusic.Grains.Auditing;
using IndiiMusic.Infrastructure.Configuration;
using IndiiMusic.Infrastructure.Consul;
using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.LiveSettings;

/// <summary>Settings that change while the program runs.</summary>
public static class LiveSettingsHosting
{
    /// <summary>The name of the health check that is degraded while live settings are away or refused.</summary>
    public const string HealthCheckName = "live-settings";

    /// <summary>Adds what <c>LiveSettings:Provider</c> says, and names keys that no program reads.</summary>
    public static IHostApplicationBuilder AddIndiiSettings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<UnknownSettings>();
        switch (builder.ChooseProvider("LiveSettings", LiveSettingsProvider.None))
        {
            case LiveSettingsProvider.Consul:
                builder.Services.AddConsul();
                builder.Services.AddStore<ConsulLiveSettings, ConsulLiveSettingsOptions,
                    ConsulLiveSettingsOptionsValidator>(ConsulLiveSettingsOptions.Section, builder.Configuration);
                break;
            case LiveSettingsProvider.File:
                builder.Services.AddStore<FileLiveSettings, FileLiveSettingsOptions, FileLiveSettingsOptionsValidator>(
                    FileLiveSettingsOptions.Section, builder.Configuration);
                break;
        }

        return builder;
    }

    /// <summary>
    /// Reads live settings before the program starts, so that nothing is made of settings that they change. Without
    /// a store there are none.
    /// </summary>
    public static Task LoadLiveSettingsAsync(
        this IServiceProvider services, CancellationToken cancellationToken = default) =>
        services.GetService<LiveSettingsFollower>()?.LoadAsync(cancellationToken) ?? Task.CompletedTask;

    private static void AddStore<TStore, TOptions, TValidator>(
        this IServiceCollection services, string section, IConfigurationManager configuration)
        where TStore : class, ILiveSettingsStore
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        LiveSettingsMetrics.Prepare();
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AuditLog>();
        services.AddSingleton<ILiveSettingsStore, TStore>();
        services.AddSingleton(_ => new LiveSettingsGate(
            services, configuration, configuration.Sources.OfType<LiveSettingsSource>().Single()));
        services.AddSingleton<LiveSettingsFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSettingsFollower>());
        services.AddHealthChecks().AddCheck<LiveSettingsHealthCheck>(HealthCheckName);
    }
}

using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Auth;

/// <summary>Who sends a request, and sessions. The host brings the store of signing keys.</summary>
public static class AuthHosting
{
    /// <summary>Adds access tokens as the way to sign in.</summary>
    public static IServiceCollection AddIndiiAuth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AccessTokenOptions>().BindConfiguration(AccessTokenOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessTokenOptions>, AccessTokenOptionsValidator>();
        services.AddSingleton<SigningKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<PersonalTokens>();
        services.AddSingleton<AccessTokenCache>();
        services.AddSingleton<SessionDenylist>();
        services.AddSingleton<Standings>();
        services.AddSingleton<Sessions>();
        if (services.ChooseProvider(configuration, "Sessions", SessionsProvider.Memory) == SessionsProvider.Redis)
            AddSharedSessions(services);

        // Made on every request: the container does it faster than ASP.NET Core's activator.
        services.AddTransient<AccessTokenScheme>();
        services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = AccessTokenScheme.Name;
            options.AddScheme<AccessTokenScheme>(AccessTokenScheme.Name, displayName: null);
        });
        return services;
    }

    private static void AddSharedSessions(IServiceCollection services)
    {
        services.AddOptions<SharedSessionOptions>()
            .BindConfiguration(SharedSessionOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddRedisConnection();
        services.AddSingleton<SharedSessions>();
        services.AddSingleton<IGatewayListener>(provider => provider.GetRequiredService<SharedSessions>());
    }
}

using IndiiMusic.Grains.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Infrastructure.SecretKeys;

/// <summary>Where the keys of encrypted secrets come from.</summary>
public static class SecretKeysHosting
{
    /// <summary>Reads keys from a folder before the silo starts.</summary>
    public static IServiceCollection AddFolderSecretKeys(this IServiceCollection services)
    {
        services.AddOptions<FolderSecretKeyOptions>().BindConfiguration(FolderSecretKeyOptions.Section);
        services.AddSingleton<FolderSecretKeyStore>();
        services.AddSingleton<ISecretKeyStore>(provider => provider.GetRequiredService<FolderSecretKeyStore>());
        services.AddHostedService(provider => provider.GetRequiredService<FolderSecretKeyStore>());
        return services;
    }
}

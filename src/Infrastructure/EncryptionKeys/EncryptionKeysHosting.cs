using IndiiMusic.Grains.Auth;
using Microsoft.Extensions.DependencyInjection;

namespace IndiiMusic.Infrastructure.EncryptionKeys;

/// <summary>Where the keys of encrypted secrets come from.</summary>
public static class EncryptionKeysHosting
{
    /// <summary>Reads keys from a folder before the silo starts.</summary>
    public static IServiceCollection AddFolderEncryptionKeys(this IServiceCollection services)
    {
        services.AddOptions<FolderEncryptionKeyOptions>().BindConfiguration(FolderEncryptionKeyOptions.Section);
        services.AddSingleton<FolderEncryptionKeyStore>();
        services.AddSingleton<IEncryptionKeyStore>(provider => provider.GetRequiredService<FolderEncryptionKeyStore>());
        services.AddHostedService(provider => provider.GetRequiredService<FolderEncryptionKeyStore>());
        return services;
    }
}

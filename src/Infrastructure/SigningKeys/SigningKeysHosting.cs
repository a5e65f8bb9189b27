using IndiiMusic.Grains.Auth;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.SigningKeys;

/// <summary>Where the keys of access tokens come from.</summary>
public static class SigningKeysHosting
{
    /// <summary>Keeps signing keys in a folder.</summary>
    public static IServiceCollection AddFolderSigningKeys(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FolderSigningKeyOptions>()
            .Configure(options => options.Folder = Path.Combine(configuration["Data:Path"] ?? "data", "keys"))
            .BindConfiguration(FolderSigningKeyOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<FolderSigningKeyOptions>, FolderSigningKeyOptionsValidator>();
        services.AddSingleton<ISigningKeyStore, FolderSigningKeyStore>();
        return services;
    }
}

using IndiiMusic.Grains.Auditing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Grains.Auth;

/// <summary>What accounts and sessions need in a silo.</summary>
internal static class AuthHosting
{
    /// <summary>Adds password hashing with its options.</summary>
    public static ISiloBuilder AddIndiiAuth(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<PasswordHashingOptions>()
            .BindConfiguration(PasswordHashingOptions.Section)
            .ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<PasswordHashingOptions>, PasswordHashingOptionsValidator>();
        silo.Services.AddSingleton<PasswordHashing>();
        silo.Services.AddSingleton<SecretEncryption>();
        silo.Services.TryAddSingleton<IEncryptionKeyStore, NoEncryptionKeys>();
        silo.Services.TryAddSingleton<AuditLog>();
        return silo;
    }
}

using IndiiMusic.Grains.Objects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Objects in a folder.</summary>
public static class FolderObjectStoreHosting
{
    /// <summary>
    /// Adds <see cref="IObjectStore"/> on a folder. Its options come from
    /// <see cref="FolderObjectStoreOptions.Section"/>, then from <paramref name="configure"/>. The folder is made and
    /// swept before other services start.
    /// </summary>
    public static IServiceCollection AddFolderObjectStore(
        this IServiceCollection services, Action<FolderObjectStoreOptions>? configure = null)
    {
        var options = services.AddOptions<FolderObjectStoreOptions>()
            .BindConfiguration(FolderObjectStoreOptions.Section)
            .ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor
            .Singleton<IValidateOptions<FolderObjectStoreOptions>, FolderObjectStoreOptionsValidator>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FolderObjectStore>();
        services.TryAddSingleton<IObjectStore>(provider => provider.GetRequiredService<FolderObjectStore>());
        services.AddHostedService<FolderObjectStoreStartup>();
        return services;
    }
}

/// <summary>Makes and sweeps the folder before any other service of the host starts, or stops the start.</summary>
internal sealed class FolderObjectStoreStartup(FolderObjectStore store) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        store.Prepare();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

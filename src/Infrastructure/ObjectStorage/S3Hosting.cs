using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Infrastructure.ObjectStorage;

/// <summary>Objects in S3.</summary>
public static class S3Hosting
{
    /// <summary>The name of the health check, tagged <c>ready</c>, that is degraded while S3 does not answer.</summary>
    public const string HealthCheckName = "s3";

    private static readonly string[] HealthCheckTags = ["ready"];

    /// <summary>
    /// Adds <see cref="IObjectStore"/> on a bucket. Its options come from <see cref="S3Options.Section"/>, then from
    /// <paramref name="configure"/>. A bucket that is not there, or keys that S3 refuses, stop the start; an S3 that
    /// does not answer does not.
    /// </summary>
    public static IServiceCollection AddS3ObjectStore(
        this IServiceCollection services, Action<S3Options>? configure = null)
    {
        S3Metrics.Prepare();
        var options = services.AddOptions<S3Options>().BindConfiguration(S3Options.Section).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<S3Options>, S3OptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<S3Options>, S3OptionsRules>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<S3Clients>();
        services.TryAddSingleton<S3Calls>();
        services.TryAddSingleton<S3Bucket>();
        services.TryAddSingleton<S3Upload>();
        services.TryAddSingleton<IObjectStore, S3ObjectStore>();
        services.TryAddSingleton<S3HealthCheck>();
        services.AddHostedService<S3Startup>();
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            HealthCheckName,
            provider => provider.GetRequiredService<S3HealthCheck>(),
            HealthStatus.Degraded,
            HealthCheckTags));
        return services;
    }
}

/// <summary>Looks for the bucket before other services of the host start.</summary>
internal sealed partial class S3Startup(S3Bucket bucket, ILogger<S3Startup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await bucket.RequireAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectStoreUnavailableException failure) when (S3Failures.IsForGood(failure.InnerException))
        {
            throw new StartRefusedException(failure.Message);
        }
        catch (ObjectStoreUnavailableException failure)
        {
            LogNotThereYet(failure.Message);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Starting without S3: what needs it fails until it answers, the rest works. {Reason}")]
    private partial void LogNotThereYet(string reason);
}

using System.ComponentModel.DataAnnotations;
using IndiiMusic.Api.Errors;
using IndiiMusic.Grains.Configuration;
using IndiiMusic.Grains.Interfaces.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.Draining;

/// <summary>How a gateway leaves. Section <c>Draining</c>.</summary>
public sealed class DrainingOptions
{
    /// <summary>Where these options stand in the configuration.</summary>
    public const string Section = "Draining";

    /// <summary>
    /// How long a gateway that was told to stop goes on taking requests while <c>/health/ready</c> already refuses:
    /// the time in which load balancers see that. Longer than the interval of their checks.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    [Live]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Holds <see cref="DrainingOptions"/> within their ranges.</summary>
[OptionsValidator]
internal sealed partial class DrainingOptionsValidator : IValidateOptions<DrainingOptions>;

/// <summary>
/// Tells load balancers first, then stops: readiness fails at once, connections are asked to close with their next
/// answer, hubs take nobody new, and only after a while does the listener close.
/// </summary>
internal static class DrainingHosting
{
    public static WebApplicationBuilder AddIndiiDraining(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DrainingOptions>().BindConfiguration(DrainingOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DrainingOptions>, DrainingOptionsValidator>();
        builder.Services.AddHostedService<Drain>();
        builder.Services.AddHealthChecks().AddCheck<DrainCheck>("stopping");
        return builder;
    }

    /// <summary>Goes before everything else.</summary>
    public static void UseIndiiDraining(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested)
                return next(context);
            if (HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return context.Request.Path.StartsWithSegments(ApiRoutes.Hubs, StringComparison.Ordinal)
                ? Problem.WriteAsync(context, new Failure(
                    ErrorCode.DependencyUnavailable, "This gateway is about to stop. Connect to another."))
                : next(context);
        });
    }

    private sealed class Drain(IOptionsMonitor<DrainingOptions> options, TimeProvider time) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) =>
            Task.Delay(options.CurrentValue.Delay, time, cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class DrainCheck(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Unhealthy("The gateway was told to stop.")
                : HealthCheckResult.Healthy());
    }
}

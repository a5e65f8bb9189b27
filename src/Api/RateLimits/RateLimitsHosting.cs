using IndiiMusic.Api.Errors;
using IndiiMusic.Infrastructure.Hosting;
using IndiiMusic.Infrastructure.Redis;
using Microsoft.Extensions.Options;

namespace IndiiMusic.Api.RateLimits;

/// <summary>Budgets of requests per user and per address.</summary>
public static class RateLimitsHosting
{
    /// <summary>Adds the <see cref="RateLimiter"/>, which counts where <c>RateLimits:Provider</c> says.</summary>
    public static IServiceCollection AddIndiiRateLimits(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        if (services.ChooseProvider(configuration, "RateLimits", RateLimitsProvider.Memory) == RateLimitsProvider.Redis)
        {
            services.AddRedisConnection();
            services.AddSingleton<RedisTokenBuckets>();
        }

        services.AddSingleton(provider => new RateLimiter(
            provider.GetRequiredService<IOptionsMonitor<RateLimitOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<RedisTokenBuckets>()));
        return services;
    }

    /// <summary>Counts each request. Goes behind authentication, which says whose it is.</summary>
    public static IApplicationBuilder UseIndiiRateLimits(this IApplicationBuilder app)
    {
        return app.Use(next =>
        {
            // This runs when the program starts; before, live settings would come too late for the limiter's Redis.
            var limiter = app.ApplicationServices.GetRequiredService<RateLimiter>();
            if (limiter.IsShared)
                return context => CountTogether(limiter, context, next);
            return context => IsCounted(context) && limiter.CountRequest(context) is { } refusal
                ? Problem.WriteAsync(context, refusal)
                : next(context);
        });

        static async Task CountTogether(RateLimiter limiter, HttpContext context, RequestDelegate next)
        {
            if (IsCounted(context) && await limiter.CountRequestAsync(context) is { } refusal)
                await Problem.WriteAsync(context, refusal);
            else
                await next(context);
        }
    }

    /// <summary>Leaves the requests of these routes uncounted: those of operators, not of users.</summary>
    public static TBuilder Uncounted<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new UncountedMetadata());

    private static bool IsCounted(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<UncountedMetadata>() is null;

    private sealed record UncountedMetadata;
}

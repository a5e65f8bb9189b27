using IndiiMusic.Api.Errors;

namespace IndiiMusic.Api.RateLimits;

/// <summary>Budgets of requests per user and per address.</summary>
public static class RateLimitsHosting
{
    /// <summary>Adds the <see cref="RateLimiter"/>.</summary>
    public static IServiceCollection AddIndiiRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<RateLimiter>();
        return services;
    }

    /// <summary>Counts each request. Goes behind authentication, which says whose it is.</summary>
    public static IApplicationBuilder UseIndiiRateLimits(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<RateLimiter>();
        return app.Use((context, next) =>
        {
            var isCounted = context.GetEndpoint()?.Metadata.GetMetadata<UncountedMetadata>() is null;
            return isCounted && limiter.CountRequest(context) is { } refusal
                ? Problem.WriteAsync(context, refusal)
                : next(context);
        });
    }

    /// <summary>Leaves the requests of these routes uncounted: those of operators, not of users.</summary>
    public static TBuilder Uncounted<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new UncountedMetadata());

    private sealed record UncountedMetadata;
}

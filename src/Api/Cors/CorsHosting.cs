using IndiiMusic.Api.Idempotency;
using IndiiMusic.Api.RateLimits;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Cors;

/// <summary>Calls from web pages of other origins.</summary>
public static class CorsHosting
{
    private static readonly TimeSpan PreflightFreshFor = TimeSpan.FromHours(1);

    private static readonly string[] ReadableHeaders =
    [
        HeaderNames.ETag,
        HeaderNames.Location,
        HeaderNames.RetryAfter,
        RateLimitHeaders.Policy,
        RateLimitHeaders.Standing,
        IdempotencyHeaders.Replayed,
    ];

    /// <summary>Adds the rule for the configured origins.</summary>
    public static IServiceCollection AddIndiiCors(this IServiceCollection services)
    {
        services.AddOptions<CorsOptions>().BindConfiguration(CorsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CorsOptions>, CorsOptionsValidator>();
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>()
            .Configure<IOptionsMonitor<CorsOptions>>((cors, options) => cors.AddDefaultPolicy(policy => policy
                // Asked for each request, so that origins can come and go.
                .SetIsOriginAllowed(origin =>
                    options.CurrentValue.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
                .AllowAnyHeader()
                .AllowAnyMethod()
                .AllowCredentials() // SignalR's clients in browsers insist on it.
                .WithExposedHeaders(ReadableHeaders)
                .SetPreflightMaxAge(PreflightFreshFor)));
        return services;
    }

    /// <summary>Answers preflight requests; does nothing while no origin is configured.</summary>
    public static IApplicationBuilder UseIndiiCors(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptionsMonitor<CorsOptions>>();
        return app.UseWhen(_ => options.CurrentValue.Origins.Count > 0, static branch => branch.UseCors());
    }
}

using Microsoft.AspNetCore.Routing;

namespace IndiiMusic.Api.Errors;

/// <summary>One form for every failure: RFC 9457 problem documents with a stable code.</summary>
public static class ErrorsHosting
{
    /// <summary>Adds the mapping, and validation of request records by their attributes.</summary>
    public static IServiceCollection AddIndiiErrors(this IServiceCollection services)
    {
        ErrorMetrics.Prepare();
        services.AddSingleton<IProblemDetailsService, ProblemDetailsService>();

        // A parameter that cannot be read becomes an exception, because its message says which one and why.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    /// <summary>Goes first: what comes later may throw.</summary>
    public static IApplicationBuilder UseIndiiErrors(this IApplicationBuilder app) =>
        app.UseMiddleware<ErrorMiddleware>();
}

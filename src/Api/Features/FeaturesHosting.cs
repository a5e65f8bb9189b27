using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Infrastructure.Features;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace IndiiMusic.Api.Features;

/// <summary>What an operator may switch off, or on for some only. Section <c>FeatureManagement</c>.</summary>
internal static class FeaturesHosting
{
    /// <summary>Adds the switches. What is no feature stops the start.</summary>
    public static IServiceCollection AddIndiiFeatures(this IServiceCollection services)
    {
        services.AddFeatureManagement();
        services.Configure<TargetingEvaluationOptions>(static targeting => targeting.IgnoreCase = true);
        services.AddSingleton<FeatureSwitches>();
        services.AddOptions<Checked>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<Checked>, Check>();
        return services;
    }

    /// <summary>
    /// Lets nobody through to a route whose feature is off for them. Routes that have none pay nothing. Goes behind
    /// authorization, and before all that keeps answers.
    /// </summary>
    public static IApplicationBuilder UseIndiiFeatures(this IApplicationBuilder app)
    {
        var switches = app.ApplicationServices.GetRequiredService<FeatureSwitches>();
        return app.Use((context, next) =>
            context.GetEndpoint()?.Metadata.GetMetadata<FeatureMetadata>() is { } needed
                ? PassAsync(switches, needed.Feature, context, next)
                : next(context));
    }

    /// <summary>Makes a route work for those only for whom the feature is on.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder routes, Feature feature)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new FeatureMetadata(feature)).Fails(ErrorCode.FeatureDisabled);

    private static async Task PassAsync(
        FeatureSwitches switches, Feature feature, HttpContext context, RequestDelegate next)
    {
        await switches.RequireAsync(feature, context.GetActor(), context);
        await next(context);
    }

    private sealed record FeatureMetadata(Feature Feature);

    /// <summary>Has no settings: its validation is that of the section, which the library reads by itself.</summary>
    private sealed class Checked;

    private sealed class Check(IConfiguration configuration) : IValidateOptions<Checked>
    {
        public ValidateOptionsResult Validate(string? name, Checked options) =>
            FeatureSettings.ProblemsOf(configuration).ToList() is { Count: > 0 } problems
                ? ValidateOptionsResult.Fail(problems)
                : ValidateOptionsResult.Success;
    }
}

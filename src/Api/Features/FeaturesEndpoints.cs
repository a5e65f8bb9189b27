using IndiiMusic.Api.Auth;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Infrastructure.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Features;

/// <summary>Tells apps what they may show.</summary>
internal static class FeaturesEndpoints
{
    public static void MapFeatures(this IEndpointRouteBuilder api) =>
        api.MapGet("/features", GetFeatures).WithTags("Features").Admits(Permissions.None);

    /// <summary>Which features are on for the caller. They may change at any time.</summary>
    private static async Task<Ok<FeaturesResponse>> GetFeatures(HttpContext context, FeatureSwitches switches)
    {
        var actor = context.GetActor();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new FeaturesResponse(
            await switches.IsOnAsync(Feature.Registration, actor, context),
            await switches.IsOnAsync(Feature.Uploads, actor, context),
            await switches.IsOnAsync(Feature.Imports, actor, context),
            await switches.IsOnAsync(Feature.LiveEditing, actor, context)));
    }
}

/// <summary>Which features are on for the caller.</summary>
/// <param name="Registration">Making new accounts.</param>
/// <param name="Uploads">Bringing in files: audio, artwork, avatars.</param>
/// <param name="Imports">Making playlists of playlist files.</param>
/// <param name="LiveEditing">Editing over the hub.</param>
internal sealed record FeaturesResponse(bool Registration, bool Uploads, bool Imports, bool LiveEditing);

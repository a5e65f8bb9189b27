using IndiiMusic.Api.Accounts;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Json;
using IndiiMusic.Api.Library;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Api.Tracks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IndiiMusic.Api;

/// <summary>The gateway: what it needs and what it answers, one line for each slice.</summary>
public static class ApiHosting
{
    /// <summary>Adds the gateway's services. The host brings the <see cref="IClusterClient"/>.</summary>
    public static WebApplicationBuilder AddIndiiApi(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddIndiiJson();
        builder.Services.AddIndiiAuth();
        builder.Services.AddIndiiPlaylists();
        builder.Services.AddIndiiTracks();
        return builder;
    }

    /// <summary>Maps the middleware, then every slice's routes.</summary>
    public static WebApplication MapIndiiApi(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "healthy" }));

        app.MapJwks();

        var api = app.MapGroup(ApiRoutes.Base);
        api.MapAuth();
        api.MapAccounts();
        api.MapPlaylists();
        api.MapLibrary();
        api.MapTracks();
        return app;
    }
}

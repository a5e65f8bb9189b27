using IndiiMusic.Api.Accounts;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Compression;
using IndiiMusic.Api.Cors;
using IndiiMusic.Api.Errors;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.Health;
using IndiiMusic.Api.Idempotency;
using IndiiMusic.Api.Json;
using IndiiMusic.Api.Library;
using IndiiMusic.Api.Limits;
using IndiiMusic.Api.Listeners;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.PlaylistFiles;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Api.Playlists.Live;
using IndiiMusic.Api.Proxies;
using IndiiMusic.Api.RateLimits;
using IndiiMusic.Api.Telemetry;
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
        builder.AddIndiiListeners();
        builder.Services.AddIndiiProxies();
        builder.Services.AddIndiiTelemetry();
        builder.Services.AddIndiiLimits();
        builder.Services.AddIndiiErrors();
        builder.Services.AddIndiiCompression();
        builder.Services.AddIndiiCors();
        builder.Services.AddIndiiRateLimits(builder.Configuration);
        builder.Services.AddIndiiFeatures();
        builder.Services.AddIndiiJson();
        builder.Services.AddIndiiHealth();
        builder.Services.AddIndiiOpenApi();
        builder.Services.AddValidation();
        builder.Services.AddIndiiAuth(builder.Configuration);
        builder.Services.AddIndiiPlaylists();
        builder.Services.AddIndiiTracks(builder.Configuration);
        builder.Services.AddIndiiLive();
        return builder;
    }

    /// <summary>Maps the middleware, then every slice's routes.</summary>
    public static WebApplication MapIndiiApi(this WebApplication app)
    {
        app.UseIndiiProxies();
        app.UseIndiiTelemetry();
        app.UseIndiiErrors();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseIndiiCors();
        app.UseAuthentication();
        app.UseIndiiRateLimits();
        app.UseIndiiAccess();
        app.UseIndiiFeatures();
        app.UseRequestTimeouts();
        app.UseIndiiIdempotency();

        app.MapIndiiHealth();
        app.MapIndiiOpenApi();
        app.MapJwks();
        app.MapLive();

        var api = app.MapApiGroup();
        api.MapAuth();
        api.MapAccounts();
        api.MapPlaylists();
        api.MapLibrary();
        api.MapTracks();
        api.MapPlaylistFiles();
        api.MapFeatures();
        return app;
    }
}

using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Objects;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Tracks;

/// <summary>Audio and artwork.</summary>
internal static class TrackMediaEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly TimeSpan AudioFreshFor = TimeSpan.FromDays(1);

    // A track's picture can be replaced, so caches ask again soon; the ETag makes that cheap.
    private static readonly TimeSpan ArtworkFreshFor = TimeSpan.FromMinutes(5);

    public static void MapTrackMedia(this IEndpointRouteBuilder tracks)
    {
        // A listener who pauses must not be cut off, so there is no time limit.
        tracks.MapMethods("/{id:guid}/audio", Reading, GetAudio)
            .Admits(Permissions.ReadTracks)
            .DisableRequestTimeout()
            .AnswersFile("audio/*")
            .MayRedirect();
        tracks.MapMethods("/{id:guid}/artwork", Reading, GetArtwork)
            .Admits(Permissions.ReadTracks)
            .AnswersFile("image/*");
    }

    /// <summary>The audio file, or a range of it; or where to fetch it.</summary>
    private static async Task<IResult> GetAudio(
        Guid id, HttpContext context, IGrainFactory grains, StoredObjects objects)
    {
        var track = await grains.GetGrain<ITrackGrain>(id).Get(context.GetActor());
        SetCaching(context, AudioFreshFor, track.Visibility);
        var (key, mediaType, tag) = (track.Audio.ObjectKey, track.Audio.MediaType, track.Audio.Sha256);
        return await objects.RedirectAsync(context, key, mediaType, tag, track.Visibility == TrackVisibility.Public)
            ?? await objects.SendAsync(context, key, mediaType, tag);
    }

    /// <summary>The picture.</summary>
    private static async Task<IResult> GetArtwork(
        Guid id, HttpContext context, IGrainFactory grains, StoredObjects objects)
    {
        var actor = context.GetActor();
        var artwork = await grains.GetGrain<ITrackGrain>(id).GetArtwork(actor)
            ?? throw IndiiException.NotFound("artwork");
        SetCaching(context, ArtworkFreshFor, TrackVisibility.Members);
        var tag = artwork.ObjectKey[(artwork.ObjectKey.LastIndexOf('/') + 1)..];
        return await objects.SendAsync(context, artwork.ObjectKey, artwork.MediaType, tag);
    }

    private static void SetCaching(HttpContext context, TimeSpan freshFor, TrackVisibility visibility)
    {
        var isForAll = visibility == TrackVisibility.Public;
        context.Response.GetTypedHeaders().CacheControl =
            new CacheControlHeaderValue { MaxAge = freshFor, Public = isForAll, Private = !isForAll };

        // Browsers must take the bytes for what their type says, as strangers may have sent them.
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }
}

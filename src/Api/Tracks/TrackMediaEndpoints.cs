using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.Tracks;

/// <summary>
/// Audio and artwork. The framework's file results answer ranges, conditions and HEAD, and hand files of this machine
/// to the kernel, which sends them without their passing through memory.
/// </summary>
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
            .DisableRequestTimeout()
            .AnswersFile("audio/*");
        tracks.MapMethods("/{id:guid}/artwork", Reading, GetArtwork).AnswersFile("image/*");
    }

    /// <summary>The audio file, or a range of it.</summary>
    private static async Task<IResult> GetAudio(
        Guid id, HttpContext context, IGrainFactory grains, IObjectStore objects, CancellationToken cancellationToken)
    {
        var track = await grains.GetGrain<ITrackGrain>(id).Get(context.GetActor());
        SetCaching(context, AudioFreshFor, track.Visibility);
        return await SendAsync(
            objects, track.Audio.ObjectKey, track.Audio.MediaType, track.Audio.Sha256, cancellationToken);
    }

    /// <summary>The picture.</summary>
    private static async Task<IResult> GetArtwork(
        Guid id, HttpContext context, IGrainFactory grains, IObjectStore objects, CancellationToken cancellationToken)
    {
        var actor = context.GetActor();
        var artwork = await grains.GetGrain<ITrackGrain>(id).GetArtwork(actor)
            ?? throw IndiiException.NotFound("artwork");
        SetCaching(context, ArtworkFreshFor, TrackVisibility.Members);
        var tag = artwork.ObjectKey[(artwork.ObjectKey.LastIndexOf('/') + 1)..];
        return await SendAsync(objects, artwork.ObjectKey, artwork.MediaType, tag, cancellationToken);
    }

    private static void SetCaching(HttpContext context, TimeSpan freshFor, TrackVisibility visibility)
    {
        var isForAll = visibility == TrackVisibility.Public;
        context.Response.GetTypedHeaders().CacheControl =
            new CacheControlHeaderValue { MaxAge = freshFor, Public = isForAll, Private = !isForAll };

        // Browsers must take the bytes for what their type says, as strangers may have sent them.
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }

    private static async Task<IResult> SendAsync(
        IObjectStore objects, string key, string mediaType, string tag, CancellationToken cancellationToken)
    {
        var stored = await objects.FindAsync(key, cancellationToken)
            ?? throw new IndiiException(ErrorCode.StorageUnavailable, "The file is missing from the object store.");
        var entityTag = new EntityTagHeaderValue($"\"{tag}\"");
        return stored.LocalPath is { } path
            ? TypedResults.PhysicalFile(
                path, mediaType, fileDownloadName: null, stored.LastModified, entityTag, enableRangeProcessing: true)
            : TypedResults.Stream(
                new ObjectStream(objects, key, stored.LengthBytes),
                mediaType,
                fileDownloadName: null,
                stored.LastModified,
                entityTag,
                enableRangeProcessing: true);
    }
}

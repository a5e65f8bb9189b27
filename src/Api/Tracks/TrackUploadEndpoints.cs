using System.Text.Json;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Tracks;
using IndiiMusic.Grains.Objects;
using IndiiMusic.Infrastructure.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace IndiiMusic.Api.Tracks;

/// <summary>Uploads. Audio goes straight from the connection into the object store, never whole into memory.</summary>
internal static class TrackUploadEndpoints
{
    private const int MetadataBytesMax = 64 * 1024;
    private const int BoundaryCharactersMax = 200;

    // What multipart adds to the file: boundaries, part headers and the metadata.
    private const long MultipartBytesMax = 1024 * 1024;

    public static void MapTrackUploads(this IEndpointRouteBuilder tracks)
    {
        UploadMetrics.Prepare();
        tracks.MapPost("", UploadTrack)
            .Needs(Feature.Uploads)
            .DisableRequestTimeout()
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(TrackLimits.AudioBytesMax + MultipartBytesMax))
            .TakesUpload<TrackMetadataRequest>("metadata")
            .Fails(ErrorCode.LimitExceeded);
        tracks.MapPut("/{id:guid}/artwork", PutArtwork)
            .Needs(Feature.Uploads)
            .WithMetadata(new RequestSizeLimitAttribute(TrackLimits.ArtworkBytesMax))
            .TakesFile("image/jpeg", "image/png", "image/webp", "image/gif")
            .Fails(ErrorCode.Forbidden);
    }

    /// <summary>
    /// Bring in an audio file: multipart/form-data with a part "file" and, optionally, a part "metadata" with JSON.
    /// </summary>
    private static async Task<Accepted<UploadResponse>> UploadTrack(
        HttpContext context,
        IGrainFactory grains,
        IObjectStore objects,
        IOptions<JsonOptions> json,
        TrackCards cards,
        CancellationToken cancellationToken)
    {
        var entered = await UploadMetrics.CountAsync(async () =>
        {
            var upload = await ReceiveAsync(
                context.Request, objects, json.Value.SerializerOptions, cancellationToken);
            return await grains.GetGrain<ITrackUploadGrain>(0)
                .Take(context.GetActor(), upload, CancellationToken.None);
        });
        var id = entered.Track.TrackId;
        await cards.ForgetAsync(id);
        return TypedResults.Accepted(
            $"{ApiRoutes.Base}/tracks/{id}",
            new UploadResponse(id, UploadStatus.Ready, !entered.IsNew, TrackResponse.Of(entered.Track)));
    }

    /// <summary>Replace a track's picture by the body: a JPEG, PNG, WebP or GIF. Only the track's owner may.</summary>
    private static async Task<Ok<TrackResponse>> PutArtwork(
        Guid id, HttpContext context, IGrainFactory grains, TrackCards cards, CancellationToken cancellationToken)
    {
        var actor = context.GetActor();
        await grains.GetGrain<ITrackGrain>(id).RequireMayChange(actor);
        using var picture = new MemoryStream();
        await context.Request.Body.CopyToAsync(picture, cancellationToken);
        var track = await grains.GetGrain<ITrackUploadGrain>(0)
            .SetArtwork(actor, id, picture.ToArray(), cancellationToken);
        await cards.ForgetAsync(id);
        context.Response.GetTypedHeaders().ETag = TrackEndpoints.TagOf(track);
        return TypedResults.Ok(TrackResponse.Of(track));
    }

    private static async Task<UploadedTrack> ReceiveAsync(
        HttpRequest request, IObjectStore objects, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        var key = $"uploads/{Guid.CreateVersion7():N}";
        string? fileName = null;
        var metadata = new TrackMetadataRequest();
        try
        {
            var reader = new MultipartReader(BoundaryOf(request), request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                switch (section.GetContentDispositionHeader()?.Name.Value?.Trim('"'))
                {
                    case "file" when fileName is null:
                        fileName = FileNameOf(section);
                        await objects.PutAsync(key, section.Body, "application/octet-stream", cancellationToken);
                        break;
                    case "metadata":
                        metadata = await ReadMetadataAsync(section, json, cancellationToken);
                        break;
                }
            }

            return fileName is null
                ? throw IndiiException.Invalid("There is no part named 'file'.")
                : new UploadedTrack(key, fileName, metadata.ToEdit());
        }
        catch when (fileName is not null)
        {
            await RemoveAsync(objects, key);
            throw;
        }
    }

    /// <summary>The caller hears why the upload failed, whether or not it can be removed.</summary>
    private static async Task RemoveAsync(IObjectStore objects, string key)
    {
        try
        {
            await objects.DeleteAsync(key, CancellationToken.None);
        }
        catch (ObjectStoreUnavailableException)
        {
            // Stores forget uploads that are a day old.
        }
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw new IndiiException(ErrorCode.UnsupportedMedia, "Send multipart/form-data with a part named 'file'.");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= BoundaryCharactersMax }
            ? boundary
            : throw IndiiException.Invalid("The multipart boundary is missing or too long.");
    }

    private static string FileNameOf(MultipartSection section)
    {
        var disposition = section.GetContentDispositionHeader()!;
        var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        return HeaderUtilities.RemoveQuotes(name).Value is { Length: > 0 } given ? given : "upload";
    }

    private static async Task<TrackMetadataRequest> ReadMetadataAsync(
        MultipartSection section, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        var bytes = new byte[MetadataBytesMax + 1];
        var count = await section.Body.ReadAtLeastAsync(
            bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (count > MetadataBytesMax)
        {
            throw new IndiiException(
                ErrorCode.PayloadTooLarge, $"The part 'metadata' may have {MetadataBytesMax} bytes at most.");
        }

        try
        {
            return JsonSerializer.Deserialize<TrackMetadataRequest>(bytes.AsSpan(0, count), json)
                ?? throw IndiiException.Invalid("The part 'metadata' is null.");
        }
        catch (JsonException failure)
        {
            throw IndiiException.Invalid($"The part 'metadata' is not valid: {failure.Message}");
        }
    }
}

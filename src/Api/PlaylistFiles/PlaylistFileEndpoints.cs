using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Features;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using IndiiMusic.Infrastructure.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace IndiiMusic.Api.PlaylistFiles;

/// <summary>Playlists as files: brought in, and written out.</summary>
internal static class PlaylistFileEndpoints
{
    // What multipart adds to the file.
    private const long MultipartBytesMax = 64 * 1024;

    public static void MapPlaylistFiles(this IEndpointRouteBuilder api)
    {
        var playlists = api.MapGroup("/playlists").WithTags("Playlist files")
            .Requires(Permissions.WritePlaylists);
        playlists.MapPost("/import", ImportPlaylist)
            .Needs(Feature.Imports)
            .DisableRequestTimeout()
            .DisableAntiforgery()
            .WithMetadata(new RequestSizeLimitAttribute(PlaylistFileLimits.BytesMax + MultipartBytesMax))
            .Fails(ErrorCode.LimitExceeded);
        playlists.MapGet("/{id:guid}/export", ExportPlaylist)
            .Admits(Permissions.ReadPlaylists)
            .DisableRequestTimeout()
            .AnswersFile("audio/x-mpegurl", "application/xspf+xml", "application/jspf+json");
    }

    /// <summary>
    /// Make a playlist of an M3U, M3U8, PLS, XSPF or JSPF file, sent as the part "file" of multipart/form-data.
    /// </summary>
    private static async Task<Created<PlaylistImportResponse>> ImportPlaylist(
        IFormFile file, HttpContext context, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var actor = context.GetActor();
        await using var content = file.OpenReadStream();
        var playlist = await PlaylistFileReader.ReadAsync(content, file.FileName, cancellationToken);
        var format = PlaylistFileReader.FormatOf(file.FileName);
        var matches = await PlaylistFileMatches.FindAsync(
            grains, actor, playlist, format, folder: null, cancellationToken);

        var id = Guid.CreateVersion7();
        var name = PlaylistFileMatches.NameOf(playlist, Path.GetFileNameWithoutExtension(file.FileName));
        var created = await grains.GetGrain<IPlaylistGrain>(id).Create(
            actor,
            new CreatePlaylist(
                name, Description: null, PlaylistVisibility.Private, DuplicatePolicy.Allow, matches.TrackIds));
        return TypedResults.Created(
            $"{ApiRoutes.Base}/playlists/{id}",
            new PlaylistImportResponse(
                id,
                created.ToResponse(),
                [.. matches.Matched.Select(ToResponse)],
                [.. matches.Unmatched.Select(ToResponse)]));
    }

    /// <summary>
    /// Write a playlist as a file. Locations are the addresses of this server's audio (url), or the paths that the
    /// tracks were imported from where they are known (path; for members only).
    /// </summary>
    private static async Task<IResult> ExportPlaylist(
        Guid id,
        [FromQuery] string format,
        [FromQuery] string? locations,
        HttpContext context,
        IGrainFactory grains,
        TrackCards cards,
        CancellationToken cancellationToken)
    {
        var actor = context.GetActor();
        var kind = FormatOf(format);
        var withPaths = locations switch
        {
            null or "url" => false,
            "path" => actor.RequireUser() != Guid.Empty,
            _ => throw IndiiException.Invalid($"locations is '{locations}'; it may be url or path."),
        };
        var grain = grains.GetGrain<IPlaylistGrain>(id);
        var playlist = await grain.Get(actor);
        var first = await grain.GetEntries(actor, PlaylistOperation.Start, PageLimits.Max, version: null);
        var export = new PlaylistExport(
            grains, cards, actor, $"{context.Request.Scheme}://{context.Request.Host}{ApiRoutes.Base}", withPaths);

        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{playlist.Name}.{format.ToLowerInvariant()}");
        context.Response.GetTypedHeaders().ContentDisposition = disposition;
        return TypedResults.Stream(
            output => export.WriteAsync(kind, playlist.Name, grain, first, output, cancellationToken),
            PlaylistFileWriter.MediaTypeOf(kind));
    }

    private static PlaylistFileFormat FormatOf(string format) => format.ToLowerInvariant() switch
    {
        "m3u8" => PlaylistFileFormat.M3u8,
        "xspf" => PlaylistFileFormat.Xspf,
        "jspf" => PlaylistFileFormat.Jspf,
        _ => throw IndiiException.Invalid($"format is '{format}'; it may be m3u8, xspf or jspf."),
    };

    private static MatchedEntryResponse ToResponse(MatchedEntry matched) => new(
        matched.Entry.Number,
        matched.Entry.Title ?? matched.Entry.Location,
        matched.Match.How,
        matched.Match.TrackId);

    private static UnmatchedEntryResponse ToResponse(PlaylistFileEntry entry) =>
        new(entry.Number, entry.Location, entry.Artist, entry.Title);
}

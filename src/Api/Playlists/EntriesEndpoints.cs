using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Idempotency;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Playlists;

/// <summary>The entries of a playlist: reading pages, applying operations, merging whole lists.</summary>
internal static class EntriesEndpoints
{
    private static readonly ErrorCode[] EditFailures =
        [ErrorCode.Forbidden, ErrorCode.DuplicateTrack, ErrorCode.VersionMismatch, ErrorCode.LimitExceeded];

    public static void MapEntries(this IEndpointRouteBuilder playlist)
    {
        // The hottest route does without what costs each request: its parameters carry no rules, and grain calls end in
        // time by themselves.
        playlist.MapGet("/entries", Read)
            .Admits(Permissions.ReadPlaylists)
            .Produces<EntriesResponse>()
            .Produces(StatusCodes.Status304NotModified)
            .DisableValidation()
            .DisableRequestTimeout()
            .Fails(ErrorCode.Unauthenticated, ErrorCode.UnknownEntry);
        playlist.MapPut("/entries", Replace)
            .Fails(ErrorCode.UnknownBaseVersion)
            .Fails(EditFailures);
        playlist.MapPost("/operations", Execute)
            .IdempotentByItself()
            .Fails(ErrorCode.UnknownEntry)
            .Fails(EditFailures);
    }

    /// <summary>A page of entries, of now or of a past version.</summary>
    private static async Task Read(
        Guid id, int? limit, string? cursor, long? version, EntryPages pages, HttpContext context)
    {
        var page = await pages.GetAsync(
            context.GetActor(), id, After(cursor), PageLimits.Of(limit), version, context.RequestAborted);
        await Utf8Answer.WriteAsync(context, page.Utf8Json, page.ETag);
    }

    /// <summary>Apply operations, all or none, once.</summary>
    private static async Task<Ok<CommandResponse>> Execute(
        Guid id, OperationsRequest request, IGrainFactory grains, HttpContext context)
    {
        var named = request with
        {
            OperationId = request.OperationId ?? context.Features.Get<IdempotencyFeature>()?.Key,
        };
        var command = named.ToCommand(Preconditions.IfMatch(context));
        var result = await grains.GetGrain<IPlaylistGrain>(id).Execute(context.GetActor(), command);
        return TypedResults.Ok(result.ToResponse());
    }

    /// <summary>Merge a whole list with what others did since it was read.</summary>
    private static async Task<Ok<CommandResponse>> Replace(
        Guid id, ReplaceEntriesRequest request, IGrainFactory grains, HttpContext context)
    {
        var command = request.ToCommand(Preconditions.IfMatch(context));
        var result = await grains.GetGrain<IPlaylistGrain>(id).ReplaceEntries(context.GetActor(), command);
        return TypedResults.Ok(result.ToResponse());
    }

    private static int After(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return PlaylistOperation.Start;
        return int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw IndiiException.Invalid([new FieldError("cursor", "is not a nextCursor of this list.")]);
    }
}

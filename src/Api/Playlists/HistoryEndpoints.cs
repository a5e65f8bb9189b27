using System.Globalization;
using IndiiMusic.Api.Auth;
using IndiiMusic.Api.Idempotency;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.Tracks;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Playlists;

/// <summary>What happened to a playlist, and taking it back.</summary>
internal static class HistoryEndpoints
{
    public static void MapHistory(this IEndpointRouteBuilder playlist)
    {
        playlist.MapGet("/changes", ReadChanges).Admits(Permissions.ReadPlaylists).Fails(ErrorCode.Unauthenticated);
        playlist.MapGet("/history", ReadHistory).Admits(Permissions.ReadPlaylists).Fails(ErrorCode.Unauthenticated);
        playlist.MapGet("/diff", ReadDiff).Admits(Permissions.ReadPlaylists).Fails(ErrorCode.Unauthenticated);
        playlist.MapPost("/undo", Undo)
            .IdempotentByItself()
            .Fails(ErrorCode.Forbidden, ErrorCode.NotUndoable, ErrorCode.LimitExceeded);
        playlist.MapPost("/revert", Revert)
            .IdempotentByItself()
            .Fails(ErrorCode.Forbidden, ErrorCode.LimitExceeded);
        playlist.MapPost("/fork", Fork);
    }

    /// <summary>What came after a version; a snapshot where that is too far back.</summary>
    private static async Task<TaggedJson<CatchUpResponse>> ReadChanges(
        Guid id, long? since, IGrainFactory grains, TrackCards trackCards, HttpContext context)
    {
        var viewer = context.GetActor();
        var caughtUp = await grains.GetGrain<IPlaylistGrain>(id).CatchUp(viewer, since);
        if (caughtUp.Missing is { } missing)
        {
            var cards = await trackCards.GetAsync(missing.Changes.TrackIds(), context.RequestAborted);
            return new TaggedJson<CatchUpResponse>(CatchUpResponse.Of(missing.ToResponse(cards, viewer)));
        }

        var snapshot = caughtUp.Snapshot!;
        var shown = await trackCards.GetAsync(snapshot.FirstPage.Entries.TrackIds(), context.RequestAborted);
        return new TaggedJson<CatchUpResponse>(CatchUpResponse.Of(snapshot.ToResponse(shown, viewer)));
    }

    /// <summary>The timeline, newest first: who did what when.</summary>
    private static async Task<TaggedJson<HistoryResponse>> ReadHistory(
        Guid id, int? limit, string? cursor, IGrainFactory grains, TrackCards trackCards, HttpContext context)
    {
        var viewer = context.GetActor();
        var page = await grains.GetGrain<IPlaylistGrain>(id).GetHistory(viewer, Before(cursor), PageLimits.Of(limit));
        var trackIds = new HashSet<Guid>();
        foreach (var item in page.Items)
            trackIds.UnionWith(item.Changes.TrackIds());

        var cards = await trackCards.GetAsync(trackIds, context.RequestAborted);
        var items = page.Items.Select(item => new HistoryItemResponse(
            item.FirstVersion,
            item.LastVersion,
            item.At,
            item.By,
            item.OperationId,
            item.Changes.ToResponse(cards, viewer)));
        return new TaggedJson<HistoryResponse>(
            new HistoryResponse([.. items], page.NextBefore?.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>How two versions differ.</summary>
    private static async Task<TaggedJson<DiffResponse>> ReadDiff(
        Guid id, long? from, long? to, IGrainFactory grains, TrackCards trackCards, HttpContext context)
    {
        var check = default(RequestCheck);
        check.Require(from is not null, "from");
        check.Require(to is not null, "to");
        check.ThrowIfAny();
        var viewer = context.GetActor();
        var diff = await grains.GetGrain<IPlaylistGrain>(id).GetDiff(viewer, from!.Value, to!.Value);
        var trackIds = diff.Removed.TrackIds();
        trackIds.UnionWith(diff.Added.Select(placed => placed.Entry.TrackId));
        trackIds.UnionWith(diff.Moved.Select(placed => placed.Entry.TrackId));
        var cards = await trackCards.GetAsync(trackIds, context.RequestAborted);
        return new TaggedJson<DiffResponse>(new DiffResponse(
            diff.From,
            diff.To,
            diff.Added.ToResponse(cards, viewer),
            diff.Removed.ToResponse(cards, viewer),
            diff.Moved.ToResponse(cards, viewer),
            diff.Details?.ToResponse(),
            diff.Truncated));
    }

    /// <summary>Take back one operation; later ones stay.</summary>
    private static async Task<Ok<CommandResponse>> Undo(
        Guid id, UndoRequest request, IGrainFactory grains, HttpContext context)
    {
        var check = default(RequestCheck);
        check.Require(!string.IsNullOrEmpty(request.OperationId), "operationId");
        check.ThrowIfAny();
        var result = await grains.GetGrain<IPlaylistGrain>(id).Undo(
            context.GetActor(),
            new UndoOperation(PlaylistEndpoints.OperationId(context), request.OperationId!, request.UserId));
        return TypedResults.Ok(result.ToResponse());
    }

    /// <summary>Go back to a version, or take back what one user did since a time.</summary>
    private static async Task<Ok<CommandResponse>> Revert(
        Guid id, RevertRequest request, IGrainFactory grains, HttpContext context)
    {
        var actor = context.GetActor();
        var playlist = grains.GetGrain<IPlaylistGrain>(id);
        var operationId = PlaylistEndpoints.OperationId(context);
        var result = request switch
        {
            { ToVersion: { } version, UserId: null, Since: null } =>
                await playlist.RevertToVersion(actor, new RevertToVersion(operationId, version)),
            { ToVersion: null, UserId: { } userId, Since: { } since } =>
                await playlist.RevertUser(actor, new RevertUser(operationId, userId, since)),
            _ => throw IndiiException.Invalid("Send either toVersion, or userId and since."),
        };
        return TypedResults.Ok(result.ToResponse());
    }

    /// <summary>Copy a playlist, or a past version of it, as a private one of one's own.</summary>
    private static async Task<Created<PlaylistResponse>> Fork(
        Guid id, ForkRequest? request, IGrainFactory grains, HttpContext context)
    {
        var fork = await grains.GetGrain<IPlaylistGrain>(Guid.CreateVersion7()).CreateFork(
            context.GetActor(), new ForkPlaylist(id, request?.Version, request?.Name));
        return PlaylistEndpoints.Created(context, fork);
    }

    private static long? Before(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        return long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            ? before
            : throw IndiiException.Invalid([new FieldError("cursor", "is not a nextCursor of this list.")]);
    }
}

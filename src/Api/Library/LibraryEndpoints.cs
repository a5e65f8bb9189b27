using IndiiMusic.Api.Auth;
using IndiiMusic.Api.OpenApi;
using IndiiMusic.Api.Playlists;
using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Library;
using IndiiMusic.Grains.Interfaces.Playlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IndiiMusic.Api.Library;

/// <summary>The caller's own playlists and those that the caller follows.</summary>
public static class LibraryEndpoints
{
    /// <summary>Maps the routes under /me that belong to the library.</summary>
    public static IEndpointRouteBuilder MapLibrary(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Library").Requires(Permissions.WritePlaylists);
        me.MapGet("/playlists", ListPlaylists).Requires(Permissions.ReadPlaylists);
        me.MapGet("/following", ListFollowing).Requires(Permissions.ReadPlaylists);
        me.MapPut("/following/{playlistId:guid}", Follow).Fails(ErrorCode.LimitExceeded);
        me.MapDelete("/following/{playlistId:guid}", Unfollow);
        me.MapFavourites();
        return api;
    }

    /// <summary>Playlists that the caller has a role in, last joined first.</summary>
    private static async Task<TaggedJson<PlaylistsResponse>> ListPlaylists(
        string? role, int? limit, string? cursor, IGrainFactory grains, HttpContext context)
    {
        var actor = context.GetActor();
        var wanted = ReadRole(role);
        var library = grains.GetGrain<ILibraryGrain>(actor.RequireUser());
        var page = await library.GetPlaylists(wanted, PageLimits.Of(limit), cursor);
        var found = await Task.WhenAll(page.Items.Select(item => FindPlaylist(grains, actor, item.PlaylistId)));

        var items = new List<PlaylistResponse>(found.Length);
        for (var i = 0; i < found.Length; i++)
        {
            var item = page.Items[i];
            if (found[i] is not { Role: { } held } playlist)
                await library.Forget(item.PlaylistId, item.Version);
            else if (wanted is null || held == wanted)
                items.Add(playlist.ToResponse());
        }

        return new TaggedJson<PlaylistsResponse>(new PlaylistsResponse(items, page.NextCursor));
    }

    /// <summary>Playlists that the caller follows, last followed first.</summary>
    private static async Task<TaggedJson<PlaylistsResponse>> ListFollowing(
        int? limit, string? cursor, IGrainFactory grains, HttpContext context)
    {
        var actor = context.GetActor();
        var page = await grains.GetGrain<ILibraryGrain>(actor.RequireUser())
            .GetFollowing(PageLimits.Of(limit), cursor);
        var found = await Task.WhenAll(page.Items.Select(item => FindPlaylist(grains, actor, item.PlaylistId)));

        // A playlist that cannot be read now may be opened again: it stays followed.
        var items = found.OfType<PlaylistView>().Select(playlist => playlist.ToResponse());
        return new TaggedJson<PlaylistsResponse>(new PlaylistsResponse([.. items], page.NextCursor));
    }

    /// <summary>Follow a playlist that the caller may read.</summary>
    private static async Task<NoContent> Follow(Guid playlistId, IGrainFactory grains, HttpContext context)
    {
        var actor = context.GetActor();
        await grains.GetGrain<IPlaylistGrain>(playlistId).GetVersions(actor);
        await grains.GetGrain<ILibraryGrain>(actor.RequireUser()).Follow(playlistId);
        return TypedResults.NoContent();
    }

    /// <summary>Follow a playlist no more.</summary>
    private static async Task<NoContent> Unfollow(Guid playlistId, IGrainFactory grains, HttpContext context)
    {
        await grains.GetGrain<ILibraryGrain>(context.GetActor().RequireUser()).Unfollow(playlistId);
        return TypedResults.NoContent();
    }

    /// <summary>The playlist; null when it is gone or closed to the actor. An outage is neither.</summary>
    private static async Task<PlaylistView?> FindPlaylist(IGrainFactory grains, Actor actor, Guid playlistId)
    {
        try
        {
            return await grains.GetGrain<IPlaylistGrain>(playlistId).Get(actor);
        }
        catch (IndiiException failure) when (failure.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    private static PlaylistRole? ReadRole(string? role) => role switch
    {
        null or "" => null,
        "viewer" => PlaylistRole.Viewer,
        "suggester" => PlaylistRole.Suggester,
        "contributor" => PlaylistRole.Contributor,
        "editor" => PlaylistRole.Editor,
        "owner" => PlaylistRole.Owner,
        _ => throw IndiiException.Invalid(
            [new FieldError("role", "may be viewer, suggester, contributor, editor or owner.")]),
    };
}

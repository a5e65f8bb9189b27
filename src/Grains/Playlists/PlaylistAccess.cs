using IndiiMusic.Grains.Interfaces;
using IndiiMusic.Grains.Interfaces.Errors;
using IndiiMusic.Grains.Interfaces.Playlists;

namespace IndiiMusic.Grains.Playlists;

/// <summary>Who may do what with a playlist. Nothing else decides that.</summary>
internal static class PlaylistAccess
{
    private const PlaylistCapabilities Reading = PlaylistCapabilities.Read;

    private const PlaylistCapabilities Suggesting =
        Reading | PlaylistCapabilities.ReadCollaborators | PlaylistCapabilities.Suggest;

    private const PlaylistCapabilities Contributing =
        Suggesting | PlaylistCapabilities.Add | PlaylistCapabilities.EditOwnEntries;

    private const PlaylistCapabilities Editing =
        Contributing | PlaylistCapabilities.EditEntries | PlaylistCapabilities.EditDetails
        | PlaylistCapabilities.ResolveSuggestions | PlaylistCapabilities.Revert;

    private const PlaylistCapabilities Owning =
        Editing | PlaylistCapabilities.EditSettings | PlaylistCapabilities.ManageCollaborators
        | PlaylistCapabilities.Delete;

    private const Permissions ReadingOrWriting = Permissions.ReadPlaylists | Permissions.WritePlaylists;

    private const PlaylistCapabilities Moderating =
        Reading | PlaylistCapabilities.Hide | PlaylistCapabilities.Delete;

    /// <summary>The actor's role; null for somebody without one.</summary>
    public static PlaylistRole? RoleOf(PlaylistState state, Actor actor) =>
        actor.UserId is { } user && state.Collaborators.TryGetValue(user, out var collaborator)
            ? collaborator.Role
            : null;

    /// <summary>All that the actor may do, by role, visibility and what the token allows.</summary>
    public static PlaylistCapabilities Of(PlaylistState state, Actor actor)
    {
        if (!state.Exists)
        {
            return PlaylistCapabilities.None;
        }

        var granted = RoleOf(state, actor) switch
        {
            PlaylistRole.Owner => Owning,
            PlaylistRole.Editor => Editing,
            PlaylistRole.Contributor => Contributing,
            PlaylistRole.Suggester => Suggesting,
            PlaylistRole.Viewer => Reading | PlaylistCapabilities.ReadCollaborators,
            _ => state.Details.Visibility == PlaylistVisibility.Private ? PlaylistCapabilities.None : Reading,
        };

        // What is private stays private: of moderators too.
        if (state.Details.Visibility == PlaylistVisibility.Public && actor.Has(Permissions.ModeratePlaylists))
        {
            granted |= Moderating;
        }

        if (actor.UserId is not null && !actor.Permissions.HasFlag(Permissions.WritePlaylists))
        {
            granted &= Reading | PlaylistCapabilities.ReadCollaborators;
        }

        // With a token for changing alone the gateway lets nobody read; but one must know what one changes.
        return actor.UserId is not null && (actor.Permissions & ReadingOrWriting) == Permissions.None
            ? PlaylistCapabilities.None
            : granted;
    }

    /// <summary>
    /// Makes sure that the actor may do something: <c>not_found</c> for who may not even read the playlist,
    /// <c>unauthenticated</c> or <c>forbidden</c> for who may only read.
    /// </summary>
    public static PlaylistCapabilities Require(PlaylistState state, Actor actor, PlaylistCapabilities needed)
    {
        var granted = Of(state, actor);
        if (!granted.HasFlag(PlaylistCapabilities.Read))
        {
            throw IndiiException.NotFound("playlist");
        }

        if ((granted & needed) == needed)
        {
            return granted;
        }

        actor.RequireUser();
        throw IndiiException.Forbidden($"This needs {needed}; your role in this playlist does not include it.");
    }
}

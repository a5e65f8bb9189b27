namespace IndiiMusic.Grains.Interfaces.Playlists;

/// <summary>
/// Playlists that are active in this very process: for a gateway that shares it with the silo, as Standalone does, and
/// whose readers ask far more often than anybody edits. It answers what the grain would, by the grain's rules on the
/// grain's state, without the call. A gateway of its own process has none.
/// </summary>
public interface ILocalPlaylists
{
    /// <summary>
    /// What <see cref="IPlaylistGrain.GetVersions"/> answers at this moment; null where the playlist is not active
    /// here, so that only the grain can tell.
    /// </summary>
    /// <exception cref="Errors.IndiiException"><c>not_found</c> for an actor who may not read it.</exception>
    PlaylistVersions? FindVersions(Guid playlistId, Actor actor);
}

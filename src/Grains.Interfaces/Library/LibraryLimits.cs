namespace IndiiMusic.Grains.Interfaces.Library;

/// <summary>
/// The bounds of one user's library. Going over one is answered with <c>limit_exceeded</c> and its name.
/// </summary>
public static class LibraryLimits
{
    /// <summary>
    /// Playlists that a user has a role in. Beyond it a user still gets roles, but the list of the user's playlists
    /// keeps the ones joined last.
    /// </summary>
    public const int PlaylistsMax = 10_000;

    /// <summary>Playlists that a user follows.</summary>
    public const int FollowingMax = 10_000;

    /// <summary>A user's favourite tracks.</summary>
    public const int FavouritesMax = 10_000;
}

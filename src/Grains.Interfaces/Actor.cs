namespace IndiiMusic.Grains.Interfaces;

/// <summary>
/// Who asks. The gateway makes it from the access token alone; the grain that owns a resource decides by it.
/// </summary>
/// <param name="UserId">The user, or null where nobody is signed in.</param>
/// <param name="ClientId">The app that the token was issued to; null where none is known.</param>
/// <param name="Permissions">What the user's roles and the token's scopes allow together.</param>
[GenerateSerializer]
[Immutable]
[Alias("indii.actor")]
public sealed record Actor(
    [property: Id(0)] Guid? UserId,
    [property: Id(1)] string? ClientId = null,
    [property: Id(2)] Permissions Permissions = Permissions.None)
{
    /// <summary>Somebody who is not signed in.</summary>
    public static readonly Actor Anonymous = new(UserId: null);

    /// <summary>A signed-in user with a user's ordinary permissions.</summary>
    public static Actor User(Guid userId, string? clientId = null) => new(userId, clientId, Permissions.Ordinary);

    /// <summary>Whether the roles and scopes include all of these.</summary>
    public bool Has(Permissions needed) => (Permissions & needed) == needed;

    /// <summary>
    /// Makes sure that somebody is signed in who has a permission: else <c>unauthenticated</c> or <c>forbidden</c>.
    /// </summary>
    /// <returns>The user.</returns>
    public Guid Require(Permissions needed)
    {
        var user = RequireUser();
        return Has(needed)
            ? user
            : throw Errors.IndiiException.Forbidden(
                $"This needs the permission {Rights.Format(needed)}, which your roles or the token do not include.");
    }

    /// <summary>The user; fails with <c>unauthenticated</c> where nobody is signed in.</summary>
    public Guid RequireUser() =>
        UserId ?? throw new Errors.IndiiException(Errors.ErrorCode.Unauthenticated, "Sign in first.");
}

/// <summary>
/// What somebody may do, over and above the roles that a resource gives them. <see cref="Rights"/> says which roles and
/// scopes include which.
/// </summary>
[Flags]
public enum Permissions
{
    /// <summary>Nothing but what anybody may do.</summary>
    None = 0,

    /// <summary>Read playlists.</summary>
    ReadPlaylists = 1,

    /// <summary>Create and change playlists.</summary>
    WritePlaylists = 2,

    /// <summary>Read track metadata and audio.</summary>
    ReadTracks = 4,

    /// <summary>Bring in and change tracks.</summary>
    WriteTracks = 8,

    /// <summary>Read and change one's own account and sessions.</summary>
    Profile = 16,

    /// <summary>Change the metadata and pictures of the library's tracks, which nobody owns.</summary>
    CurateLibrary = 32,

    /// <summary>Make others' public playlists private, or delete them.</summary>
    ModeratePlaylists = 64,

    /// <summary>Delete others' tracks.</summary>
    ModerateTracks = 128,

    /// <summary>See accounts and their roles, and change those.</summary>
    ManageUsers = 256,

    /// <summary>What a new account may do.</summary>
    Ordinary = ReadPlaylists | WritePlaylists | ReadTracks | WriteTracks | Profile,
}

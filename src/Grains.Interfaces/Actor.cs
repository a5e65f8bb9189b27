namespace IndiiMusic.Grains.Interfaces;

/// <summary>
/// Who asks. The gateway makes it from the access token alone; the grain that owns a resource decides by it.
/// </summary>
/// <param name="UserId">The user, or null where nobody is signed in.</param>
/// <param name="ClientId">The app that the token was issued to; null where none is known.</param>
/// <param name="Permissions">What the token allows. Today's tokens carry all permissions of their user.</param>
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

    /// <summary>The user; fails with <c>unauthenticated</c> where nobody is signed in.</summary>
    public Guid RequireUser() =>
        UserId ?? throw new Errors.IndiiException(Errors.ErrorCode.Unauthenticated, "Sign in first.");
}

/// <summary>What a token allows, over and above the roles that a resource gives its user.</summary>
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

    /// <summary>What every signed-in user's own token allows.</summary>
    Ordinary = ReadPlaylists | WritePlaylists | ReadTracks | WriteTracks,
}
